import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { ensureChromium } from "../../scripts/chromium.mjs";
import { load } from "../load.mjs";
import { median } from "../report.mjs";
import { serve } from "../serve.mjs";

const HOUR = 3_600_000;

/**
 * The first page in a browser whose cache is empty: milliseconds from asking for it until the query box takes text
 * and the first rows are there, and the script it takes, gzipped.
 */
export async function run({ isQuick, report }) {
  const data = mkdtempSync(join(tmpdir(), "polylog-bench-"));
  const now = Date.now();
  await load({ data, count: isQuick ? 20_000 : 200_000, from: now - HOUR, to: now });
  const server = await serve(["--data", data, "--retention-days", "0"]);
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
  try {
    const interactive = [];
    const rows = [];
    let scripts = new Map();
    for (let round = -1; round < (isQuick ? 3 : 9); round++) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      scripts = new Map();
      page.on("response", async (response) => {
        if (response.request().resourceType() !== "script") return;
        scripts.set(response.url(), gzipSync(await response.body()).length);
      });
      const start = performance.now();
      await page.goto(`${server.address}/?from=now-1h&to=now`, { waitUntil: "commit" });
      await page.locator(".cm-content").first().waitFor();
      const untilInteractive = performance.now() - start;
      await page.locator('[role="row"]').nth(5).waitFor();
      const untilRows = performance.now() - start;
      if (round >= 0) {
        interactive.push(untilInteractive);
        rows.push(untilRows);
      }
      await page.waitForLoadState("networkidle");
      await context.close();
    }
    report.add("interactive", median(interactive), "ms", { bar: 1000 });
    report.add("first rows shown", median(rows), "ms");
    const bytes = [...scripts.values()].reduce((sum, size) => sum + size, 0);
    report.add("script of the first page, gzipped", bytes / 1024, "KiB", { bar: 350 });
  } finally {
    await browser.close();
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}
