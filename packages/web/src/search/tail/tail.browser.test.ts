import { expect, test } from "vitest";
import { rowsOf, settle, startSite } from "../../../testing/site.ts";

const site = startSite(1_000);

test("rows flow in at the top, wait while the reader scrolls, and go on", async () => {
  const page = await site.open("/");
  await settle(page);
  const first = () => rowsOf(page).first().getAttribute("id");
  const before = await first();
  await page.keyboard.press("l");
  await expect.poll(() => new URL(page.url()).searchParams.get("live")).toBe("on");
  await expect.poll(first).not.toBe(before);

  await page.locator("[role=rowgroup][tabindex]").hover();
  await page.mouse.wheel(0, 600);
  const resume = page.getByRole("button", { name: /records? waits?\. Show/ });
  await resume.waitFor();
  const paused = await rowsOf(page).nth(15).getAttribute("id");
  await expect
    .poll(async () => Number(/\d+/.exec((await resume.textContent()) ?? "")?.[0]))
    .toBeGreaterThan(10);
  expect(await rowsOf(page).nth(15).getAttribute("id")).toBe(paused);

  await resume.click();
  await resume.waitFor({ state: "detached" });
  const resumed = await first();
  await expect.poll(first).not.toBe(resumed);
});

test("an open record makes the tail wait", async () => {
  const page = await site.open("/?live=on");
  await settle(page);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Record" }).waitFor();
  await page.getByRole("button", { name: /waits?\. Show/ }).waitFor();
});

test("sampling is said with its rate", async () => {
  const { state } = site.mock();
  state.tailSampling = 20;
  const page = await site.open("/?live=on");
  await page.getByText(/records a second match; \d+ of them are shown/).waitFor();
  state.tailSampling = 1;
});

test("the tail asks the page's query", async () => {
  const page = await site.open("/?live=on&q=service:billing");
  await settle(page);
  await expect
    .poll(() => site.mock().state.asked.some((path) => /^\/logs\/tail\?query=service%3Abilling/.test(path)))
    .toBe(true);
  expect(await rowsOf(page).allInnerTexts()).toSatisfy((texts: string[]) =>
    texts.every((text) => text.includes("billing")),
  );
});
