import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../packages/web/testing/browser.ts";
import { ROOT } from "./server-process.ts";

/** The SDK as it would be published: packed, installed into an empty project, and used from there. */
const folder = mkdtempSync(join(tmpdir(), "polylog-sdk-"));
const installed = join(folder, "node_modules", "polylog");
/** Gzipped bytes that `import { log } from "polylog"` may bring into a program. */
const MOST_CORE = 25_000;
/** Loads vitest, which is of no use to CommonJS. */
const MODULE_ONLY = ["./testing/vitest"];

let tarball: string;
let files: string[];

beforeAll(() => {
  const packed = execFileSync(
    "npm",
    ["pack", "--json", "--pack-destination", folder, "--workspace", "polylog"],
    {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    },
  );
  const [report] = Object.values(JSON.parse(packed)) as { filename: string; files: { path: string }[] }[];
  tarball = join(folder, report?.filename ?? "");
  files = report?.files.map((file) => file.path) ?? [];
  writeFileSync(join(folder, "package.json"), '{ "name": "empty", "private": true }');
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", tarball], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const manifest = () => JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
const entries = (): string[] => Object.keys(manifest().exports).filter((path) => path !== "./package.json");
const nameOf = (entry: string) => `polylog${entry.slice(1)}`;

/** Runs a program in the project; what it prints. */
function run(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return execFileSync(process.execPath, [name], { cwd: folder, encoding: "utf8" });
}

describe("what is in it", () => {
  it("is what is needed and nothing else", () => {
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json", "dist/index.js"]));
    const strangers = files.filter((path) => /\.test\.|testdata|\/\.|\.map$|(?<!\.d)\.c?ts$/.test(path));
    expect(strangers).toEqual([]);
    expect(files.filter((path) => /^dist\/.+\/testing\//.test(path))).toEqual([]);
  });

  it("needs no other package", () => {
    expect(manifest().dependencies).toBeUndefined();
    expect(manifest().scripts).toBeUndefined();
  });

  it("is there for each path that package.json names", () => {
    const paths = JSON.stringify(manifest().exports).match(/\.\/dist\/[^"]+/g) ?? [];
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !existsSync(join(installed, path)))).toEqual([]);
  });

  it("is found without fault by publint", async () => {
    const { messages, pkg } = await publint({ pkgDir: installed, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("has types that are right for every kind of module", async () => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(tarball)), {
      excludeEntrypoints: MODULE_ONLY,
    });
    if (!result.types) throw new Error("no types");
    expect(result.problems).toEqual([]);
  });
});

describe("how it is loaded", () => {
  it("gives the same to import and to require, at each entry", () => {
    const both = entries().filter((entry) => !MODULE_ONLY.includes(entry));
    const names = JSON.stringify(both.map(nameOf));
    const imported = run(
      "names.mjs",
      `for (const name of ${names}) console.log(name, Object.keys(await import(name)).sort().join());`,
    );
    const required = run(
      "names.cjs",
      `for (const name of ${names}) console.log(name, Object.keys(require(name)).sort().join());`,
    );
    expect(required).toBe(imported);
    expect(imported).toContain("polylog/express");
  });

  it("has one Polylog for modules and CommonJS", () => {
    const output = run(
      "both.mjs",
      `import { createRequire } from "node:module";
      import { configure } from "polylog";
      const twin = createRequire(import.meta.url)("polylog");
      configure({ level: "debug", sinks: { out: ({ logger, message }) => console.log(logger, message) } });
      twin.getLogger("twin").debug("heard");`,
    );
    expect(output).toBe("twin heard\n");
  });

  it("brings less than 25 KB with `import { log }`", async () => {
    const code = await bundle('import { log } from "polylog"; log.info("hello");', "node");
    expect(gzipSync(code, { level: 9 }).length).toBeLessThan(MOST_CORE);
  });
});

describe("in a browser", () => {
  it("logs to the console, and to sinks, with context", async () => {
    const code = await bundle(
      `import { configure, consoleSink, init, log, getLogger, streamSink, withContext } from "polylog";
      log.warn("to the console", { order: 17 });
      const lines = [];
      configure({ format: "json", sinks: { console: consoleSink(), lines: { writeLine: (line) => lines.push(line) } } });
      withContext({ invocation: "run-1" }, () => getLogger("page").error("failed", new TypeError("declined")));
      try { streamSink("stdout"); } catch (error) { lines.push(error.code); }
      try { init({ apiKey: "k", captureConsole: true }); } catch (error) { lines.push(error.code); }
      init({ apiKey: "k", endpoint: "http://localhost:4318" });
      globalThis.lines = lines;
      setTimeout(() => { throw new RangeError("too much"); });`,
      "browser",
    );
    const browser = await launchChromium();
    try {
      const page = await browser.newPage();
      const told: string[] = [];
      page.on("console", (message) => told.push(`${message.type()} ${message.text()}`));
      page.on("pageerror", (error) => told.push(`uncaught ${error.message}`));
      const sent: string[] = [];
      await page.route("http://localhost:4318/**", async (route) => {
        sent.push(route.request().postData() ?? "");
        await route.fulfill({ status: 200, headers: { "access-control-allow-origin": "*" }, body: "{}" });
      });
      await page.setContent(`<script type="module">${code}</script>`);
      await page.waitForFunction(() => "lines" in globalThis);
      await expect.poll(() => sent).toEqual([expect.stringContaining("uncaught exception: too much")]);
      const [line = "", ...codes] = await page.evaluate(
        () => (globalThis as unknown as { lines: string[] }).lines,
      );
      expect(told[0]).toMatch(/^warning .*to the console/);
      expect(told[1]).toMatch(/^error .*failed/);
      // Logged, and reported by the browser as it would have been.
      expect(told.slice(2).sort()).toEqual([
        expect.stringMatching(/^error .*page\.uncaught: uncaught exception: too much/),
        "uncaught too much",
      ]);
      expect(JSON.parse(line)).toMatchObject({
        system: "browser",
        logger: "page",
        message: "failed",
        invocation_id: "run-1",
        exception: { name: "TypeError" },
      });
      expect(codes).toEqual(["POLYLOG_E_SINK", "POLYLOG_E_CONFIG"]);
    } finally {
      await browser.close();
    }
  });
});

/** The program as one minified file, as a bundler makes it for the platform. */
async function bundle(text: string, platform: "node" | "browser"): Promise<string> {
  const input = join(folder, `${platform}.mjs`);
  writeFileSync(input, text);
  const built = await rolldown({ input, cwd: folder, platform });
  const { output } = await built.generate({ format: "esm", minify: true });
  return output[0].code;
}
