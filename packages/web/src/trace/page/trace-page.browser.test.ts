import { expect, test } from "vitest";
import { outlineOf } from "../../../testing/outline.ts";
import { span } from "../../../testing/row.ts";
import { settle, startSite } from "../../../testing/site.ts";

const site = startSite(2_000);

const traceId = () => site.mock().state.made.traceIds[0] ?? "";

test("t on a record opens its trace, and the way back leads to the search", async () => {
  const page = await site.open("/?q=service:checkout+trace:*");
  await settle(page);
  await page.keyboard.press("j");
  await page.keyboard.press("t");
  await page.getByRole("treegrid", { name: "Spans" }).getByText("POST /api/orders").waitFor();
  await page.getByRole("link", { name: "Search", exact: true }).click();
  await settle(page);
  expect(new URL(page.url()).searchParams.get("q")).toBe("service:checkout trace:*");
});

test("the waterfall says how long, how many and how wrong", async () => {
  const page = await site.open(`/trace/${traceId()}`);
  const tree = page.getByRole("treegrid", { name: "Spans" });
  await tree.waitFor();
  await page.getByText("59 spans").waitFor();
  await page.getByText("3 errors").waitFor();
  expect(await tree.getByRole("row").nth(1).getAttribute("aria-level")).toBe("1");
  expect(await page.locator("[data-has-error=true]").count()).toBeGreaterThan(0);
});

test("a trace is asked for once, before the page's scripts are there", async () => {
  const page = await site.open("/send");
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  const outline = `/api/v1/traces/${traceId()}/outline`;
  // Only when it was asked for do the scripts come.
  const isAsked = page.waitForRequest((request) => request.url().endsWith(outline));
  await page.route("**/assets/*.js", async (route) => {
    await isAsked;
    await route.continue();
  });
  await page.goto(new URL(`/trace/${traceId()}`, page.url()).href);
  await page.getByRole("treegrid", { name: "Spans" }).waitFor();
  expect(asked.filter((path) => path === outline)).toHaveLength(1);
});

test("a span opens beside it with attributes, events and logs", async () => {
  const page = await site.open(`/trace/${traceId()}`);
  await page.getByRole("treegrid").getByText("POST /orders", { exact: true }).click();
  const panel = page.getByRole("region", { name: "Span" });
  await panel.getByText("card declined: insufficient funds").first().waitFor();
  await panel.getByText("exception", { exact: true }).waitFor();
  expect(await panel.getByRole("heading", { name: "Logs" }).count()).toBe(0);
  await page.getByRole("treegrid").getByText("POST /api/orders", { exact: true }).click();
  await panel.getByRole("heading", { name: "Logs" }).waitFor();
  const log = site.mock().state.made.rows.find((row) => row.traceId === traceId());
  await panel
    .getByText(log?.body ?? "no log at all")
    .first()
    .waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("treegrid").getByText("POST /orders", { exact: true }).click();
  await panel.getByRole("link", { name: "checkout.internal" }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("server.address:checkout.internal");
});

test("the halves of a call that share an id open each for itself", async () => {
  const id = "b7ad6b7169203331";
  const spans = [
    span("a", "", 0, 10, { name: "GET /", kind: "Server", service: "web" }),
    span(id, "a", 1, 8, {
      name: "call shop",
      kind: "Client",
      service: "web",
      attributes: { half: "caller" },
    }),
    span(id, "a", 2, 6, { name: "serve", kind: "Server", service: "shop", attributes: { half: "called" } }),
  ];
  const page = await site.open("/send");
  await page.route("**/api/v1/traces/t", (route) => route.fulfill({ json: { spans } }));
  await page.route("**/api/v1/traces/t/outline", (route) => route.fulfill({ json: outlineOf(spans) }));
  await page.goto(new URL("/trace/t", page.url()).href);
  const tree = page.getByRole("treegrid", { name: "Spans" });
  const panel = page.getByRole("region", { name: "Span" });
  const served = tree.getByRole("row", { name: /serve/ });
  await served.click();
  await panel.getByRole("heading", { name: "serve" }).waitFor();
  await panel.getByText("called", { exact: true }).waitFor();
  expect([await served.getAttribute("aria-selected"), await served.getAttribute("aria-level")]).toEqual([
    "true",
    "3",
  ]);
  // The address leads to it again, and from it one comes to its twin.
  await page.reload();
  await panel.getByRole("heading", { name: "serve" }).waitFor();
  await page.keyboard.press("k");
  await panel.getByText("caller", { exact: true }).waitFor();
  await page.keyboard.press("k");
  await panel.getByRole("heading", { name: "GET /" }).waitFor();
});

test("searching dims the rest and goes from one to the next", async () => {
  const page = await site.open(`/trace/${traceId()}`);
  await page.getByRole("treegrid").waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("ledger");
  await page.getByText("1 found").waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Span" }).getByRole("heading", { name: "INSERT ledger" }).waitFor();
  await expect.poll(() => page.locator("[data-is-dimmed=true]").count()).toBeGreaterThan(5);
});

test("a drag over the times zooms, and the whole trace is a click away", async () => {
  const page = await site.open(`/trace/${traceId()}`);
  const ruler = page.getByTitle("Drag to zoom, double click to see the whole trace");
  const box = await ruler.boundingBox();
  if (!box) throw new Error("The ruler has no place on the page");
  await page.mouse.move(box.x + box.width * 0.05, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.15, box.y + 10, { steps: 5 });
  await page.mouse.up();
  await ruler.getByText("100 ms").waitFor();
  await page.getByRole("button", { name: "Whole trace" }).click();
  await ruler.getByText("1 s", { exact: true }).waitFor();
});

test("a folded span hides its children", async () => {
  const page = await site.open(`/trace/${traceId()}`);
  const row = page.getByRole("row", { name: /reserve stock/ });
  await row.locator("[data-fold]").click();
  await page.getByText("SELECT products 0").waitFor({ state: "detached" });
  expect(await row.getAttribute("aria-expanded")).toBe("false");
});

test("a trace that nobody knows is said to be missing", async () => {
  const page = await site.open("/trace/nothing-like-it");
  await page.getByText("No span of this trace is in the store").waitFor();
});
