import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../packages/web/testing/browser.ts";
import { openBrowserPage } from "./browser-page.ts";
import { poll } from "./poll.ts";
import { ROOT, type ServerProcess, startServerProcess } from "./server-process.ts";
import { sendShop } from "./shop.ts";

/** The built pages in a real browser against the real server, with records that came in over the real intake. */
/** Where each run leaves its pictures. */
const SHOTS = join(ROOT, "test-results", "pages");
/** The README's picture is made anew by `UPDATE_IMAGES=1 npm test -- test/pages`. */
const README_IMAGE = { from: "search-wide-dark.png", to: join(ROOT, "docs", "images", "search.png") };

let server: ServerProcess;
let browser: Browser;
let traceId: string;
beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  [server, browser] = await Promise.all([startServerProcess(), launchChromium()]);
  ({ traceId } = await sendShop(server.address, 4000));
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
  if (process.env.UPDATE_IMAGES) copyFileSync(join(SHOTS, README_IMAGE.from), README_IMAGE.to);
});

const open = (path: string, options?: BrowserContextOptions) =>
  openBrowserPage(browser, server.address + path, options);

const rows = (page: Page) => page.locator('[role="row"]');

async function ask(page: Page, query: string): Promise<void> {
  await page.keyboard.press("/");
  await page.keyboard.press("Control+A");
  await page.keyboard.type(query);
  await page.keyboard.press("Escape");
  await page.locator(".cm-content").first().click();
  await page.keyboard.press("Enter");
}

describe("pictures", () => {
  const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
  const themes = ["light", "dark"] as const;
  const pages = {
    search: { path: () => "/", shown: "card declined for order" },
    trace: { path: () => `/trace/${traceId}`, shown: "PlaceOrder" },
  };
  const cases = Object.keys(pages).flatMap((page) =>
    Object.keys(sizes).flatMap((size) => themes.map((theme) => [page, size, theme] as const)),
  );

  it.each(cases)("%s, %s, %s: nothing is wider than the screen", async (name, size, theme) => {
    const viewport = sizes[size as keyof typeof sizes];
    const { path, shown } = pages[name as keyof typeof pages];
    const { page, close } = await open(path(), { viewport, colorScheme: theme });
    await page.getByText(shown).first().waitFor();
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: join(SHOTS, `${name}-${size}-${theme}.png`) });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    await close();
  });
});

describe("the search page", () => {
  it("shows the newest records, the histogram and the facets, without an error", async () => {
    const { page, errors, close } = await open("/");
    await page.getByText("card declined for order").first().waitFor();
    expect(await rows(page).count()).toBeGreaterThan(20);
    await page.getByText("checkout").first().waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  it("finds by a query typed into the box, and keeps it in the address", async () => {
    const { page, close } = await open("/");
    await rows(page).nth(3).waitFor();
    const query = 'level:>=error service:payments "card declined"';
    await ask(page, query);
    await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe(query);
    await page.getByText("card declined for order").first().waitFor();
    await poll("all rows are of payments", async () => {
      const texts = await rows(page).allInnerTexts();
      const records = texts.filter((text) => /\d{2}:\d{2}:\d{2}/.test(text));
      return records.length > 0 && records.every((text) => text.includes("payments"));
    });
    await close();
  });

  it("shows a record that arrives while it is live", async () => {
    const { page, close } = await open("/?live=on");
    await poll("the record is on the page", async () => {
      await fetch(`${server.address}/v1/jsonl`, {
        method: "POST",
        body: '{"level":"warn","message":"arrived while live"}',
      });
      return (await page.getByText("arrived while live").count()) > 0;
    });
    await close();
  });

  it("shows what a record holds as text, never as markup", async () => {
    const body = JSON.stringify({
      level: "error",
      message: "<img src=x onerror=window.hacked=1>",
      "<b>k</b>": "<script>window.hacked=1</script>",
    });
    await fetch(`${server.address}/v1/jsonl`, { method: "POST", body });
    const { page, close } = await open(`/?q=${encodeURIComponent("onerror")}`);
    await page.getByText("<img src=x onerror=window.hacked=1>").first().click();
    await page.getByText("<script>window.hacked=1</script>").first().waitFor();
    expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    await close();
  });

  it("says what was expected where a query is wrong", async () => {
    const { page, close } = await open(`/?q=${encodeURIComponent("level:")}`);
    await page
      .getByText(/expected/i)
      .first()
      .waitFor();
    await close();
  });
});

describe("the trace page", () => {
  it("shows the spans and the logs of a trace", async () => {
    const { page, errors, close } = await open(`/trace/${traceId}`);
    for (const name of ["POST /orders", "PlaceOrder", "pricing::quote", "charge card", "SELECT prices"]) {
      await page.getByText(name).first().waitFor();
    }
    expect(errors).toEqual([]);
    await close();
  });
});
