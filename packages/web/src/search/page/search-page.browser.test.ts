import { expect, test } from "vitest";
import { row } from "../../../testing/row.ts";
import { queryOf, rowsOf, settle, startSite } from "../../../testing/site.ts";

const site = startSite(3_000);

test("the page shows the newest records, their count and the real bounds of the time", async () => {
  const page = await site.open("/");
  await settle(page);
  expect(await rowsOf(page).count()).toBeGreaterThan(20);
  const status = await page.getByRole("status").first().textContent();
  expect(status).toContain("3,000 records");
  expect(status).toMatch(/\d\d:\d\d:\d\d – .*UTC\+1/);
  expect(status).toMatch(/read 3,000 rows, [\d.]+ kB in \d+ ms/);
});

test("Enter runs the query, and the address carries it", async () => {
  const page = await site.open("/");
  await settle(page);
  await page.keyboard.press("/");
  await page.keyboard.type("service:billing");
  await page.keyboard.press("Enter");
  await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("service:billing");
  await expect
    .poll(() => rowsOf(page).allInnerTexts())
    .toSatisfy((texts: string[]) => texts.every((text) => text.includes("billing")));
  await page.goBack();
  await expect.poll(() => queryOf(page)).not.toContain("billing");
});

test("an address restores query, time, columns, order, facets and the open record", async () => {
  const mock = site.mock();
  const record = mock.state.made.rows.find((one) => one.service === "checkout") ?? row();
  const from = new Date(Date.now() - 3_600_000).toISOString();
  const page = await site.open(
    `/?q=service:checkout&from=${from}&columns=host,order.id&order=asc&facets=customer&open=${record.id}@${record.timestamp}`,
  );
  await settle(page);
  expect(await queryOf(page)).toBe("service:checkout");
  expect((await page.getByRole("columnheader").allInnerTexts()).slice(0, 5)).toEqual([
    expect.stringContaining("Time"),
    "Level",
    "host",
    "order.id",
    "Message",
  ]);
  await page.getByRole("region", { name: "Record" }).waitFor();
  await page.getByRole("region", { name: "customer" }).getByText("anna").waitFor();
  expect(await page.getByRole("columnheader").first().getAttribute("aria-sort")).toBe("ascending");
});

test("no result says which part excludes everything, and drops it", async () => {
  const page = await site.open("/?q=service:checkout+nonsense");
  const empty = page.getByRole("region", { name: "No result" });
  await empty.getByText("nonsense").waitFor();
  expect(await empty.textContent()).toMatch(/\d+ records without it/);
  await empty.getByRole("button", { name: "Drop it" }).click();
  await settle(page);
  expect(await queryOf(page)).toBe("service:checkout");
});

test("a time without records leads to the newest match", async () => {
  const page = await site.open("/?from=2001-01-01T00:00:00Z&to=2001-01-02T00:00:00Z&q=service:mailer");
  await page.getByRole("button", { name: /Go to the newest match/ }).click();
  await settle(page);
});

test("a server that goes away leaves the page as it is, says since when, and is found again", async () => {
  const { state } = site.mock();
  const page = await site.open("/");
  await settle(page);
  state.isAway = true;
  await page.keyboard.press("r");
  const bar = page.getByText(/The server does not answer since \d\d:\d\d:\d\d UTC\+1/);
  await bar.waitFor();
  expect(await rowsOf(page).count()).toBeGreaterThan(20);
  state.isAway = false;
  await bar.waitFor({ state: "detached" });
  await expect.poll(() => page.locator("[data-is-old=true]").count()).toBe(0);
});

test("a store that restarts is told apart from a server that is away", async () => {
  const { state } = site.mock();
  const page = await site.open("/");
  await settle(page);
  state.isStoreAway = true;
  await page.keyboard.press("r");
  await page.getByText(/The store is not ready since/).waitFor();
  expect(await rowsOf(page).count()).toBeGreaterThan(20);
  state.isStoreAway = false;
  await page.getByText(/The store is not ready since/).waitFor({ state: "detached" });
});

test("an address with a wrong query says what is wrong, in its place", async () => {
  const page = await site.open("/?q=level:wran+card");
  await page.locator(".q-error", { hasText: "wran" }).waitFor();
  await page.getByRole("search").getByRole("alert").waitFor();
});

test("a question that the server refuses keeps the rows of the one before, and says so", async () => {
  const { state } = site.mock();
  const page = await site.open("/");
  await settle(page);
  state.refusal = {
    code: "POLYLOG_E_QUERY_LIMIT",
    message: "The search took too long",
    remedy: "Narrow the time.",
  };
  await page.keyboard.press("r");
  await page.getByText("The search took too long").waitFor();
  await page.getByText("Narrow the time.").waitFor();
  expect(await page.locator("[data-is-old=true]").count()).toBeGreaterThan(0);
  expect(await rowsOf(page).count()).toBeGreaterThan(20);
  state.refusal = undefined;
  await page.getByRole("button", { name: "Ask again" }).first().click();
  await page.getByText("The search took too long").waitFor({ state: "detached" });
});

test("while another question is asked, the old rows stay, dimmed, under a thin line", async () => {
  const { state } = site.mock();
  const page = await site.open("/");
  await settle(page);
  state.delay = 1_500;
  await page.keyboard.press("r");
  await page.getByRole("progressbar").waitFor();
  expect(await rowsOf(page).count()).toBeGreaterThan(20);
  expect(await page.locator("[data-is-old=true]").count()).toBeGreaterThan(0);
  state.delay = 0;
  await page.getByRole("progressbar").waitFor({ state: "detached" });
});

test("the theme follows the system until one is chosen, and the choice stays", async () => {
  const page = await site.open("/", { colorScheme: "dark" });
  await settle(page);
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(await ground()).toBe("rgb(14, 17, 22)");
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("menuitem", { name: "Light" }).click();
  await expect.poll(ground).toBe("rgb(255, 255, 255)");
  await page.reload();
  await settle(page);
  expect(await ground()).toBe("rgb(255, 255, 255)");
});

test("times are local until UTC is a click away", async () => {
  const page = await site.open("/");
  await settle(page);
  await page.getByRole("button", { name: "UTC+1", exact: true }).click();
  await page.getByRole("columnheader", { name: "Time UTC" }).waitFor();
  const shown = await rowsOf(page).first().getByRole("gridcell").first().textContent();
  expect(site.mock().state.made.rows[0]?.timestamp).toContain(shown);
});

test("what a hostile record holds is shown as text and nothing more", async () => {
  const { state } = site.mock();
  const attack = `<img src=x onerror="document.title='broken into'"><script>document.title='broken into'</script>`;
  const hostile = row({
    id: "1999999999999999999",
    timestamp: new Date(Date.now() - 500).toISOString(),
    service: attack,
    logger: "javascript:alert(1)",
    body: attack,
    traceId: "<b>no id</b>",
    attributes: { [attack]: attack, __proto__x: "1", constructor: attack, "a,b": "\u202egnp.exe" },
    resource: { [`r${attack}`]: attack },
  });
  state.made.rows.unshift(hostile);
  const page = await site.open(`/?facets=${encodeURIComponent(attack.replaceAll(",", "%2C"))}`);
  await settle(page);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Record" }).getByText(attack).first().waitFor();
  await page.getByRole("button", { name: "JSON", exact: true }).click();
  await page.locator("pre", { hasText: "onerror" }).waitFor();
  expect(await page.locator("img:not(.cm-widgetBuffer)").count()).toBe(0);
  expect(await page.title()).toBe("Polylog");
  state.made.rows.shift();
});

test("a click on a hostile value asks for exactly that value", async () => {
  const { state } = site.mock();
  const value = 'a" OR level:fatal -"';
  state.made.rows.unshift(
    row({
      id: "1999999999999999998",
      timestamp: new Date(Date.now() - 500).toISOString(),
      attributes: { note: value },
    }),
  );
  const page = await site.open("/");
  await settle(page);
  await rowsOf(page).first().locator("[data-field=note]").click();
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  state.made.rows.shift();
});

test("at 390 pixels there are query, rows, a sheet for the record and a drawer for the facets", async () => {
  const page = await site.open("/", { viewport: { width: 390, height: 844 }, hasTouch: true });
  await settle(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  await rowsOf(page).nth(3).getByRole("gridcell").first().click();
  const sheet = page.getByRole("dialog", { name: "Record" });
  await sheet.getByRole("button", { name: "Copy JSON" }).waitFor();
  await sheet.getByRole("button", { name: "Close the record" }).click();
  await sheet.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Show the facets" }).click();
  await page.getByRole("dialog", { name: "Filter" }).getByText("checkout", { exact: true }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("service:checkout");
});

test("the page can be used soon", async () => {
  const page = await site.open("/");
  await settle(page);
  const { paint, busy } = await page.evaluate(() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
    busy: performance.now(),
  }));
  console.info(
    `first contentful paint after ${Math.round(paint)} ms, rows and histogram after ${Math.round(busy)} ms`,
  );
  // Measured below 500 ms on an idle machine; the bound leaves room for a busy one.
  expect(paint).toBeLessThan(3_000);
});
