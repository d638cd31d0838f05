import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { loadConfig } from "../packages/server/src/config/config.ts";
import { settings } from "../packages/server/src/config/settings.ts";
import { ROOT } from "./server-process.ts";

const SERVER = readFileSync(join(ROOT, "docs", "server.md"), "utf8");

it("docs/server.md shows settings files that the server takes", async () => {
  const files = [...SERVER.matchAll(/^```json\n([\s\S]*?)^```/gm)].map((block) => block[1] ?? "");
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const directory = mkdtempSync(join(tmpdir(), "polylog-docs-"));
    writeFileSync(join(directory, "polylog.config.json"), file);
    await expect(loadConfig({ directory, environment: {} })).resolves.toMatchObject(JSON.parse(file));
    rmSync(directory, { recursive: true });
  }
});

it("docs/server.md lists every setting, as flag, variable and key, and no other", () => {
  const listed = [...SERVER.matchAll(/^\| `(--[a-z-]+) [^`]+` +\| `(\w+)` +\| `(\w+)` +\|/gm)].map((row) =>
    row.slice(1),
  );
  const expected = Object.keys(settings.shape).map((key) => {
    const words = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return [`--${words}`, `POLYLOG_${words.replaceAll("-", "_").toUpperCase()}`, key];
  });
  expect(listed).toEqual(expected);
});
