import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launchChromium, openPage } from "./browser.ts";
import { type MockServer, startMock } from "./mock-server.ts";

const MINUTE = 60_000;

export interface Site {
  readonly mock: () => MockServer;
  /** Opens a page of the site. It is closed after the test, which fails when the page complained of anything. */
  readonly open: (path: string, options?: BrowserContextOptions) => Promise<Page>;
}

/** A mock server and a browser for the tests of one file. */
export function startSite(records: number, span = 10 * MINUTE): Site {
  let mock: MockServer | undefined;
  let browser: Browser | undefined;
  const complaints: string[][] = [];

  beforeAll(async () => {
    [mock, browser] = await Promise.all([startMock({ records, span }), launchChromium()]);
  });
  afterEach(async () => {
    const all = complaints.flat();
    complaints.length = 0;
    for (const context of browser?.contexts() ?? []) await context.close();
    expect(all).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await mock?.close();
  });

  const started = () => {
    if (!mock || !browser) throw new Error("The site is used before its tests run");
    return { mock, browser };
  };
  return {
    mock: () => started().mock,
    open: async (path, options) => {
      const opened = await openPage(started().browser, started().mock.address + path, options);
      complaints.push(opened.complaints);
      return opened.page;
    },
  };
}

/** The records on the screen. */
export function rowsOf(page: Page) {
  return page.locator("[data-row]");
}

/** What the query box holds. */
export async function queryOf(page: Page): Promise<string> {
  return (await page.locator(".cm-line").textContent()) ?? "";
}

/** Waits for the list, its histogram and its count. */
export async function settle(page: Page): Promise<void> {
  await rowsOf(page).first().waitFor();
  await page.locator(".u-over").waitFor();
}
