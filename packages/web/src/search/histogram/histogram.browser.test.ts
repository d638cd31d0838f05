import { expect, test } from "vitest";
import { settle, startSite } from "../../../testing/site.ts";

const site = startSite(3_000);

test("a drag zooms into its time, a double click goes back to the time before", async () => {
  const page = await site.open("/");
  await settle(page);
  const box = await page.locator(".u-over").boundingBox();
  if (!box) throw new Error("The histogram has no place on the page");
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.4, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, y, { steps: 6 });
  await page.mouse.move(box.x + box.width * 0.6, y, { steps: 6 });
  await page.mouse.up();
  await expect.poll(() => new URL(page.url()).searchParams.get("to")).not.toBeNull();
  const { searchParams } = new URL(page.url());
  const width = Date.parse(searchParams.get("to") ?? "") - Date.parse(searchParams.get("from") ?? "");
  expect(width / 60_000).toBeGreaterThan(2.7);
  expect(width / 60_000).toBeLessThan(3.3);

  await settle(page);
  await page.mouse.dblclick(box.x + box.width / 2, y);
  await expect.poll(() => new URL(page.url()).searchParams.get("to")).toBeNull();
});

test("it says to a screen reader what it shows", async () => {
  const page = await site.open("/");
  await settle(page);
  const label = await page.getByRole("img", { name: /records from/ }).getAttribute("aria-label");
  expect(label).toMatch(/^3,000 records from .* to .*: .*\d+ error.*info/);
});

test("pointing at a bar reads its counts", async () => {
  const page = await site.open("/");
  await settle(page);
  const box = await page.locator(".u-over").boundingBox();
  if (!box) throw new Error("The histogram has no place on the page");
  await page.mouse.move(box.x + box.width * 0.6, box.y + box.height / 2);
  await page.getByText("INFO", { exact: true }).last().waitFor();
});

test("a double click on a page that was opened with a time widens it", async () => {
  const to = Date.now();
  const page = await site.open(`/?from=${to - 600_000}&to=${to}`);
  await settle(page);
  await page.locator(".u-over").dblclick();
  await expect
    .poll(() => {
      const { searchParams } = new URL(page.url());
      return Date.parse(searchParams.get("to") ?? "") - Date.parse(searchParams.get("from") ?? "");
    })
    .toBe(1_800_000);
});
