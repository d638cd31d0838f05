import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { launchChromium } from "../packages/web/testing/browser.ts";
import { openBrowserPage } from "./browser-page.ts";
import { ROOT, type ServerProcess, startServerProcess } from "./server-process.ts";
import { sendShop } from "./shop.ts";

/** The pages about the server itself, in a real browser against the real server. */

/** Where each run leaves its pictures. */
const SHOTS = join(ROOT, "test-results", "pages");
const DAY = 86_400_000;
const LONG_NAME = `a-service-with-a-name-that-goes-on-and-on-${"x".repeat(80)}`;

let server: ServerProcess;
let browser: Browser;
beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  [server, browser] = await Promise.all([
    startServerProcess({
      flags: [
        ...["--rate-limits", "noisy=20kB"],
        ...["--max-size", "10GB"],
        ...["--retention-rules", "level:<=debug 3d, service:audit forever"],
      ],
    }),
    launchChromium(),
  ]);
  await sendShop(server.address, 4000);
  for (let days = 1; days < 20; days++)
    await send("inventory", 200 + 37 * ((days * 5) % 7), Date.now() - days * DAY);
  await send(LONG_NAME, 3);
  await send("audit", 3);
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function send(service: string, count: number, time = Date.now()): Promise<Response> {
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      time: new Date(time - n).toISOString(),
      level: "info",
      message: `item ${n} of ${service}`,
      service,
    }),
  );
  return fetch(`${server.address}/v1/jsonl`, { method: "POST", body: lines.join("\n") });
}

const open = (path: string, options?: BrowserContextOptions) =>
  openBrowserPage(browser, server.address + path, options);

describe("a service above its limit", () => {
  it("is told when to come back, while others come in", async () => {
    expect((await send("noisy", 2000)).status).toBe(200);
    const refused = await send("noisy", 10);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ code: "POLYLOG_E_INTAKE_FULL" });
    expect((await send("quiet", 10)).status).toBe(200);
  });

  it("is counted by its name in /metrics", async () => {
    const text = await (await fetch(`${server.address}/metrics`)).text();
    expect(text).toMatch(/^polylog_source_records_total\{source="noisy"\} 2000$/m);
    expect(text).toMatch(
      /^polylog_source_refused_records_total\{source="noisy",reason="rate_limited"\} 10$/m,
    );
    expect(text).toMatch(/^polylog_rejected_records_total\{receiver="jsonl",reason="rate_limited"\} 10$/m);
  });
});

const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };
const THEMES = ["light", "dark"] as const;

describe("pictures", () => {
  const pages = { intake: "By protocol", storage: "Backups" };
  const cases = Object.keys(pages).flatMap((page) =>
    Object.keys(SIZES).flatMap((size) => THEMES.map((theme) => [page, size, theme] as const)),
  );

  it.each(cases)("%s, %s, %s: nothing is wider than the screen", async (name, size, theme) => {
    const viewport = SIZES[size as keyof typeof SIZES];
    const { page, errors, close } = await open(`/${name}`, { viewport, colorScheme: theme });
    await page.getByRole("region", { name: pages[name as keyof typeof pages] }).waitFor();
    await page.getByRole("region", { name: "By service" }).getByRole("row").nth(2).waitFor();
    await page.screenshot({ path: join(SHOTS, `${name}-${size}-${theme}.png`) });
    const body = page.getByRole("main");
    const overflow = await body.evaluate((main) => main.scrollWidth - main.clientWidth);
    await body.evaluate((main) => main.scrollTo(0, main.scrollHeight));
    await page.screenshot({ path: join(SHOTS, `${name}-end-${size}-${theme}.png`) });
    expect(overflow).toBeLessThanOrEqual(0);
    expect(errors).toEqual([]);
    await close();
  });
});

describe("the intake page", () => {
  it("is two keys away, and shows what comes in while it comes", async () => {
    const { page, errors, close } = await open("/");
    await page.getByText("of quiet").first().waitFor();
    await page.locator("body").press("g");
    await page.locator("body").press("i");
    const services = page.getByRole("region", { name: "By service" });
    await services.getByRole("row", { name: /noisy/ }).getByText("10 over its limit").waitFor();
    await send("newcomer", 500);
    await services.getByRole("row", { name: /newcomer/ }).waitFor();
    await page.getByRole("region", { name: "By protocol" }).getByRole("row", { name: /jsonl/ }).waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  it("leads from a service to its records", async () => {
    const { page, close } = await open("/intake");
    await page.getByRole("link", { name: "noisy" }).click();
    await page.getByText("of noisy").first().waitFor();
    expect(new URL(page.url()).searchParams.get("q")).toBe("service:noisy");
    await close();
  });
});

describe("the intake page of a server whose store is away", () => {
  it("says that records are kept on disk, how many, and that they are stored again", {
    timeout: 120_000,
  }, async () => {
    const { engine } = (await (await fetch(`${server.address}/readyz`)).json()) as { engine: string };
    expect(engine).toBe("ready");
    const pid = engineOf(server);
    process.kill(pid, "SIGSTOP");
    try {
      // Longer than an insert may take before it is given up on.
      expect((await send("spooled", 123)).status).toBe(200);
      for (const [size, viewport] of Object.entries(SIZES)) {
        for (const theme of THEMES) {
          const { page, errors, close } = await open("/intake", { viewport, colorScheme: theme });
          await page.getByText("what comes in is kept on disk").waitFor({ timeout: 60_000 });
          // Some of them are what the server says of itself.
          await page.getByText(/, 1[2-9]\d records, the oldest for/).waitFor();
          await page.screenshot({ path: join(SHOTS, `intake-away-${size}-${theme}.png`) });
          const overflow = await page
            .getByRole("main")
            .evaluate((main) => main.scrollWidth - main.clientWidth);
          expect([overflow <= 0, errors]).toEqual([true, []]);
          await close();
        }
      }
    } finally {
      process.kill(pid, "SIGCONT");
    }
    const { page, close } = await open("/intake");
    await expect
      .poll(async () => (await server.search("service:spooled", { limit: "1" })).rows.length)
      .toBe(1);
    await page.getByText("kept on disk").waitFor({ state: "detached" });
    await close();
  });

  it("counts in all what a receiver drops before anybody knows whose it is", async () => {
    const { page, close } = await open("/intake");
    const refused = page.locator("dt", { hasText: "Is refused" }).locator("..");
    const before = await fetch(`${server.address}/v1/logs`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{",
    });
    expect(before.ok).toBe(false);
    await page.getByRole("region", { name: "By protocol" }).getByRole("row", { name: /otlp/ }).waitFor();
    const { total } = (await (await fetch(`${server.address}/api/v1/intake`)).json()) as {
      total: { refused: Record<string, number> };
    };
    expect(total.refused).toMatchObject({ rate_limited: 10, malformed: 1 });
    await refused.getByText("11 in all").waitFor();
    await close();
  });
});

/** The process of the engine: the server's only child. */
function engineOf({ child }: ServerProcess): number {
  const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8");
  return Number(children.trim().split(" ")[0]);
}

describe("the storage page", () => {
  it("tells days, services, tables and what is kept", async () => {
    const { page, errors, close } = await open("/storage");
    await page.getByText("level:<=debug").waitFor();
    expect(await page.getByRole("region", { name: "By day" }).getByRole("row").count()).toBeGreaterThan(14);
    await page.getByRole("region", { name: "By service" }).getByRole("link", { name: "inventory" }).waitFor();
    const tables = page.getByRole("region", { name: "By table" });
    await tables.getByRole("button", { name: "otel_traces", exact: true }).click();
    await tables.getByText("idx_trace_id").first().waitFor();
    expect(errors).toEqual([]);
    await close();
  });

  it("backs up at a click", async () => {
    const { page, close } = await open("/storage");
    const backups = page.getByRole("region", { name: "Backups" });
    await backups.getByText("There is none in").waitFor();
    await backups.getByRole("button", { name: "Back up now" }).click();
    await backups.getByRole("row", { name: /polylog-\d{8}-\d{6}/ }).waitFor();
    await backups.getByRole("button", { name: "Back up now" }).waitFor();
    await close();
  });
});
