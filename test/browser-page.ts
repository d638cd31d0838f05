import type { Browser, BrowserContextOptions, Page } from "playwright-core";

export interface BrowserPage {
  readonly page: Page;
  /** What it complained of: uncaught errors, and what it wrote to the console as errors. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

/** Opens a page of the real server, in a session of its own. */
export async function openBrowserPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<BrowserPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(url);
  return { page, errors, close: () => context.close() };
}
