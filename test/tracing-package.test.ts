import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROOT } from "./server-process.ts";

/** @polylog/tracing as it would be published: packed, installed into an empty project, and used from there. */
const folder = mkdtempSync(join(tmpdir(), "polylog-tracing-"));
const installed = join(folder, "node_modules/@polylog/tracing");
let tarball: string;
let files: string[];

beforeAll(() => {
  const packed = execFileSync(
    "npm",
    ["pack", "--json", "--pack-destination", folder, "--workspace", "@polylog/tracing"],
    { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  const [report] = Object.values(JSON.parse(packed)) as { filename: string; files: { path: string }[] }[];
  tarball = join(folder, report?.filename ?? "");
  files = report?.files.map((file) => file.path) ?? [];
  writeFileSync(join(folder, "package.json"), '{ "name": "empty", "private": true, "type": "module" }');
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", tarball], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program in the project; what it prints. */
function run(name: string, text: string, flags: readonly string[] = [], environment = {}): string {
  writeFileSync(join(folder, name), text);
  return execFileSync(process.execPath, [...flags, name], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, OTEL_TRACES_EXPORTER: "console", ...environment },
  });
}

describe("what is in it", () => {
  it("is what is needed and nothing else", () => {
    expect(files).toEqual(
      expect.arrayContaining(["LICENSE", "README.md", "package.json", "dist/index.js", "dist/end/send.js"]),
    );
    const strangers = files.filter((path) => /\.test\.|testing|\/\.|\.map$|(?<!\.d)\.c?ts$/.test(path));
    expect(strangers).toEqual([]);
  });

  it("is there for each path that package.json names, and without fault by publint", async () => {
    const manifest = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
    const paths = JSON.stringify(manifest.exports).match(/\.\/dist\/[^"]+/g) ?? [];
    expect(paths.filter((path) => !existsSync(join(installed, path)))).toEqual([]);
    const { messages, pkg } = await publint({ pkgDir: installed, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  it("has types that are right for every kind of module", async () => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    if (!result.types) throw new Error("no types");
    expect(result.problems).toEqual([]);
  });

  it("brings one copy of each of OpenTelemetry's packages", () => {
    const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
    const names = Object.keys(lock.packages)
      .filter((path) => path.includes("@opentelemetry/") || path.endsWith("import-in-the-middle"))
      .map((path) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

describe("how it is used", () => {
  it("is the same for import and for require, and one in a process", () => {
    const output = run(
      "both.mjs",
      `import { createRequire } from "node:module";
      import * as module from "@polylog/tracing";
      const twin = createRequire(import.meta.url)("@polylog/tracing");
      console.log(Object.keys(twin).sort().join() === Object.keys(module).sort().join());
      module.initTracing({ exporter: "none" });
      console.log(twin.trace("x", (span) => span.isRecording()));`,
    );
    expect(output).toBe("true\ntrue\n");
  });

  it("finds the instrumentation that only the application has, as in pnpm's strict layout", () => {
    const app = join(folder, "app");
    const own = join(app, "node_modules/@polylog/aerospike");
    mkdirSync(own, { recursive: true });
    symlinkSync(installed, join(app, "node_modules/@polylog/tracing"));
    writeFileSync(
      join(own, "index.js"),
      `exports.AerospikeInstrumentation = class {
        constructor() { console.log("found"); }
        enable() {} disable() {} setTracerProvider() {} setMeterProvider() {} getConfig() { return {}; }
      };`,
    );
    const script = join(app, "app.mjs");
    writeFileSync(script, "");
    const flags = ["--import", "@polylog/tracing/register", script];
    // Started from elsewhere, as a service is; only its first module says where its packages are.
    const output = execFileSync(process.execPath, flags, { cwd: folder, encoding: "utf8" });
    expect(output).toBe("found\n");
  });

  it("makes root spans in an application that has no OpenTelemetry API of its own", () => {
    const output = run("bare.mjs", 'import { trace } from "@polylog/tracing"; trace("alone", () => {});', [
      "--import",
      "@polylog/tracing/register",
    ]);
    expect(output).toContain("name: 'alone'");
    expect(output).toContain("parentSpanContext: undefined");
  });

  it("decorates classes and methods that TypeScript compiles", () => {
    writeFileSync(
      join(folder, "orders.ts"),
      `import { initTracing, traced } from "@polylog/tracing";
      class Orders {
        @traced({ attributes: (id: number) => ({ "order.id": id }) })
        cancel(id: number): number { return id; }
      }
      @traced()
      class Stock {
        #left = 1;
        async reserve(count: number): Promise<number> { return this.#left - count; }
      }
      initTracing({ instrumentations: false });
      console.log(new Orders().cancel(7) satisfies number, await new Stock().reserve(1) satisfies number);`,
    );
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    execFileSync(
      process.execPath,
      [
        tsc,
        "--strict",
        "--target",
        "es2022",
        "--module",
        "nodenext",
        "--skipLibCheck",
        "--types",
        "",
        "orders.ts",
      ],
      { cwd: folder, stdio: ["ignore", "inherit", "inherit"] },
    );
    const output = execFileSync(process.execPath, ["orders.js"], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, OTEL_TRACES_EXPORTER: "console" },
    });
    for (const text of ["7 0", "name: 'Orders.cancel'", "'order.id': 7", "name: 'Stock.reserve'"]) {
      expect(output).toContain(text);
    }
  });
});
