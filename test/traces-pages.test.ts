import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../packages/web/testing/browser.ts";
import { openBrowserPage } from "./browser-page.ts";
import { poll } from "./poll.ts";
import { ROOT, type ServerProcess, startServerProcess } from "./server-process.ts";

/** The pages of traces and services in a real browser against the real server, with spans that came in over OTLP. */
const SHOTS = join(ROOT, "test-results", "pages");
const TRACES = 60;
/** One that takes as long as no other. */
const SLOW = 17;
const LARGE = "1a26e000000000000000000000005000";
const LARGE_SPANS = 5_000;

let server: ServerProcess;
let browser: Browser;
let now: number;
beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  [server, browser] = await Promise.all([startServerProcess(), launchChromium()]);
  now = Date.now();
  await send(Array.from({ length: TRACES }, (_, index) => order(index)).flat());
  await send(job());
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

interface Sent {
  readonly service: string;
  readonly span: object;
}

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, "0");
const traceIdOf = (index: number) => hex(0xbeef0000 + index, 32);

/** A span, by milliseconds before now and of length. */
function span(
  [service, name, kind]: readonly [service: string, name: string, kind: number],
  [traceId, id, above]: readonly [traceId: string, id: number, above: number | undefined],
  [ago, length]: readonly [ago: number, length: number],
  more: object = {},
): Sent {
  const nano = (milliseconds: number) => `${Math.round((now - ago + milliseconds) * 1000)}000`;
  const parent = above === undefined ? {} : { parentSpanId: hex(above, 16) };
  const times = { startTimeUnixNano: nano(0), endTimeUnixNano: nano(length) };
  return { service, span: { traceId, spanId: hex(id, 16), ...parent, name, kind, ...times, ...more } };
}

/** An order through three services and a database; every tenth fails. */
function order(index: number): readonly Sent[] {
  const id = traceIdOf(index);
  const base = 0x1000 + index * 16;
  const ago = 600_000 - index * 8_000;
  const length = index === SLOW ? 9_000 : 20 + (index % 7) * 30;
  const failed = index % 10 === 3 ? { status: { code: 2, message: "card declined" } } : {};
  const attributes = (pairs: Readonly<Record<string, string>>) => ({
    attributes: Object.entries(pairs).map(([key, value]) => ({ key, value: { stringValue: value } })),
  });
  return [
    span(["gateway", "POST /orders", 2], [id, base, undefined], [ago, length], failed),
    span(["checkout", "PlaceOrder", 2], [id, base + 1, base], [ago - 2, length - 4], failed),
    span(["payments", "charge", 2], [id, base + 2, base + 1], [ago - 4, length - 10], {
      ...failed,
      ...attributes({ "payment.method": index % 2 === 0 ? "visa" : "invoice" }),
    }),
    span(
      ["payments", "INSERT ledger", 3],
      [id, base + 3, base + 2],
      [ago - 6, 3],
      attributes({ "db.system.name": "postgresql", "server.address": "db-1" }),
    ),
  ];
}

/** A job of many steps in one trace. */
function job(): readonly Sent[] {
  const root = 0x900000;
  const step = (index: number) =>
    span(["batch", `store item ${index}`, 1], [LARGE, root + index, root], [899_000 - index, 0.8]);
  return [
    span(["batch", "nightly import", 5], [LARGE, root, undefined], [900_000, 8_000]),
    ...Array.from({ length: LARGE_SPANS - 1 }, (_, index) => step(index + 1)),
  ];
}

async function send(sent: readonly Sent[]): Promise<void> {
  const services = groupByService(sent);
  const resourceSpans = [...services].map(([service, spans]) => ({
    resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
    scopeSpans: [{ scope: { name: "shop" }, spans }],
  }));
  const response = await fetch(`${server.address}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ resourceSpans }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

function groupByService(sent: readonly Sent[]): ReadonlyMap<string, object[]> {
  const groups = new Map<string, object[]>();
  for (const { service, span: one } of sent) {
    const group = groups.get(service);
    if (group) group.push(one);
    else groups.set(service, [one]);
  }
  return groups;
}

const open = (path: string, options?: BrowserContextOptions) =>
  openBrowserPage(browser, server.address + path, options);

const list = (page: Page) => page.getByRole("grid", { name: "Traces" }).locator("[data-index]");
const chart = (page: Page) => page.locator("canvas");
const queryIn = (page: Page) => new URL(page.url()).searchParams.get("q");

describe("pictures", () => {
  const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
  const pages = {
    traces: { path: "/traces", role: "link", shown: "POST /orders" },
    services: { path: "/services", role: "button", shown: /^checkout/ },
    "large-trace": { path: `/trace/${LARGE}`, role: "row", shown: /nightly import/ },
  } as const;
  const cases = Object.keys(pages).flatMap((page) =>
    Object.keys(sizes).flatMap((size) =>
      (["light", "dark"] as const).map((theme) => [page, size, theme] as const),
    ),
  );

  it.each(cases)("%s, %s, %s: nothing is wider than the screen", async (name, size, theme) => {
    const { path, role, shown } = pages[name as keyof typeof pages];
    const viewport = sizes[size as keyof typeof sizes];
    const { page, errors, close } = await open(path, { viewport, colorScheme: theme });
    await page.getByRole(role, { name: shown }).first().waitFor();
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: join(SHOTS, `${name}-${size}-${theme}.png`) });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(overflow).toBeLessThanOrEqual(0);
    expect(errors).toEqual([]);
    await close();
  });
});

describe("the page of traces", () => {
  it("shows the newest traces, how many failed and how long they took", async () => {
    const { page, close } = await open("/traces");
    await list(page).nth(10).waitFor();
    await page
      .getByText(`${TRACES + 1} traces`)
      .first()
      .waitFor();
    await page.getByText("6 failed").first().waitFor();
    expect(await chart(page).getAttribute("aria-label")).toMatch(/61 traces, 6 failed; half took less than/);
    await close();
  });

  it("finds by service and duration, and sorts by length", async () => {
    const { page, close } = await open("/traces");
    await list(page).nth(10).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("service:payments duration:>150ms");
    await page.keyboard.press("Escape");
    await page.locator(".cm-content").first().click();
    await page.keyboard.press("Enter");
    await poll("the address has the query", () => queryIn(page) === "service:payments duration:>150ms");
    await page.getByRole("button", { name: "Duration" }).click();
    await poll("the longest comes first", async () =>
      (
        await list(page)
          .first()
          .textContent()
          .catch(() => "")
      )?.includes("9 s"),
    );
    expect(await list(page).first().textContent()).toContain("payments charge");
    await close();
  });

  it("filters by a click on a facet, in the query's own words", async () => {
    const { page, close } = await open("/traces");
    await page.getByRole("region", { name: "status" }).getByText("Error").click();
    await poll("the address has the filter", () => queryIn(page) === "status:Error");
    await page.getByText("18 spans").first().waitFor();
    await poll("only failed traces are left", async () => (await list(page).count()) === 6);
    await close();
  });

  it("completes fields of spans and lengths of time", async () => {
    const { page, close } = await open("/traces");
    await list(page).nth(10).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("dura");
    await page.getByRole("option", { name: "duration" }).first().click();
    await page.getByRole("option", { name: ">500ms" }).click();
    await page.keyboard.type("payment.meth");
    await page.getByRole("option", { name: "payment.method" }).first().click();
    await page.getByRole("option", { name: /visa/ }).waitFor();
    await close();
  });

  it("a drag over the chart narrows time and length, in the address", async () => {
    const { page, close } = await open("/traces");
    await list(page).nth(10).waitFor();
    const box = await chart(page).boundingBox();
    if (!box) throw new Error("the chart has no place on the page");
    await page.mouse.move(box.x + 80, box.y + 12);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.8, box.y + 70, { steps: 4 });
    await page.mouse.up();
    await poll("the address has both", () => {
      const address = new URL(page.url()).searchParams;
      return /^duration:\[\S+ TO \S+\]$/.test(address.get("q") ?? "") && address.get("to") !== null;
    });
    await page.goBack();
    await poll("one step back has neither", () => queryIn(page) === null);
    await close();
  });

  it("opens the slowest trace by the keyboard, and leads back", async () => {
    const { page, close } = await open("/traces?order=longest&q=service:gateway");
    await list(page).first().waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByRole("treegrid", { name: "Spans" }).getByText("PlaceOrder").waitFor();
    expect(page.url()).toContain(traceIdOf(SLOW));
    await page.getByRole("link", { name: "Traces", exact: true }).last().click();
    await poll("the list is as it was", () => page.url().includes("order=longest"));
    await close();
  });

  it("says which part of a query excludes everything", async () => {
    const { page, close } = await open("/traces?q=service:payments+duration:%3E1h");
    const empty = page.getByRole("region", { name: "No result" });
    await empty.getByText("duration:>1h").waitFor();
    await empty.getByRole("button", { name: "Drop it" }).first().click();
    await list(page).first().waitFor();
    await close();
  });

  it("underlines what is wrong for spans, and only that", async () => {
    const { page, close } = await open("/traces?q=service:payments+duration:%3Efast");
    await page.locator(".q-error", { hasText: "fast" }).waitFor();
    await close();
  });
});

describe("the map of the services", () => {
  it("knows the calls, and leads to the traces of a service", async () => {
    const { page, errors, close } = await open("/services");
    await page
      .getByRole("button", { name: /^payments/ })
      .first()
      .click();
    const panel = page.getByRole("region", { name: "Service" });
    await panel.getByText("Called by").waitFor();
    await panel.getByRole("link", { name: "checkout" }).waitFor();
    await panel.getByRole("link", { name: "postgresql db-1" }).waitFor();
    await panel.getByRole("link", { name: "Failed" }).click();
    await poll("the traces are asked for", () => queryIn(page) === "service:payments status:error");
    await list(page).first().waitFor();
    expect(errors).toEqual([]);
    await close();
  });
});

describe("a trace of 5,000 spans", () => {
  it("opens, scrolls to its end and finds a span, whose attributes are asked for then", async () => {
    const { page, errors, close } = await open(`/trace/${LARGE}`);
    await page.getByText("5,000 spans").waitFor();
    const tree = page.getByRole("treegrid", { name: "Spans" });
    expect(await tree.locator("[data-place]").count()).toBeLessThan(100);
    await tree.locator("[data-place]").first().hover();
    await page.mouse.wheel(0, 1_000_000);
    await tree.getByText("store item 4999", { exact: true }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("store item 2345");
    await page.getByText("1 found").waitFor();
    await page.keyboard.press("Enter");
    const panel = page.getByRole("region", { name: "Span" });
    await panel.getByRole("heading", { name: "store item 2345" }).waitFor();
    await panel.getByText("service.name").waitFor();
    expect(errors).toEqual([]);
    await close();
  });
});
