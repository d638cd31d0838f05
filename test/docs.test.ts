import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { settings } from "../packages/server/src/config/settings.ts";
import { ROOT } from "./server-process.ts";

it("docs/server.md lists every setting, as flag, variable and key, and no other", () => {
  const text = readFileSync(join(ROOT, "docs", "server.md"), "utf8");
  const listed = [...text.matchAll(/^\| `(--[a-z-]+) [^`]+` \| `(\w+)` \| `(\w+)` \|/gm)].map((row) =>
    row.slice(1),
  );
  const expected = Object.keys(settings.shape).map((key) => {
    const words = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return [`--${words}`, `POLYLOG_${words.replaceAll("-", "_").toUpperCase()}`, key];
  });
  expect(listed).toEqual(expected);
});
