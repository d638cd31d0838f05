import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const dist = fileURLToPath(new URL("../../server/pages/", import.meta.url));
const text = (path: string) => readFileSync(dist + path, "utf8");

/** The scripts that the first page cannot do without: the entry and what it imports statically. */
function firstScripts(): readonly string[] {
  const entry = /<script type="module"[^>]* src="\/(assets\/[^"]+)"/.exec(text("index.html"))?.[1];
  if (entry === undefined) throw new Error("index.html names no script; build the pages first");
  const scripts = new Set([entry]);
  for (const script of scripts) {
    for (const [, path] of text(script).matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g))
      scripts.add(`assets/${path}`);
  }
  return [...scripts];
}

test("the scripts of the first page are under 350 kB, gzipped", () => {
  const sizes = firstScripts().map((script) => [script, gzipSync(text(script)).length] as const);
  const total = sizes.reduce((sum, [, size]) => sum + size, 0);
  console.info(`first page: ${(total / 1000).toFixed(1)} kB gzipped in ${sizes.length} scripts`);
  expect(total).toBeLessThan(350_000);
});

test("the trace page and the guide are not among them", () => {
  const first = firstScripts().join(" ");
  expect(first).not.toMatch(/trace-page|traces-page|services-page|guide|first-log|commands|help/);
  expect(readdirSync(`${dist}assets`).join(" ")).toMatch(/trace-page/);
});

test("it is React's production build", () => {
  expect(firstScripts().map(text).join("")).not.toContain("react_stack_bottom_frame");
});

test("nothing is asked of another server", () => {
  for (const path of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (!/\.(html|css)$/.test(path)) continue;
    expect(text(path), path).not.toMatch(/(?:src|href)="https?:|url\(["']?(?:https?:)?\/\//);
  }
});
