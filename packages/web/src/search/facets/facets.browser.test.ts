import { expect, test } from "vitest";
import { queryOf, settle, startSite } from "../../../testing/site.ts";

const site = startSite(2_000);

test("a click filters, a second one takes it back", async () => {
  const page = await site.open("/");
  await settle(page);
  const services = page.getByRole("region", { name: "service" });
  const checkout = services.getByRole("button", { name: /^checkout/ });
  await checkout.click();
  await expect.poll(() => queryOf(page)).toBe("service:checkout");
  expect(await checkout.getAttribute("aria-pressed")).toBe("true");
  await checkout.click();
  await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBeNull();
});

test("an Alt-click excludes, and so does the button beside it", async () => {
  const page = await site.open("/");
  await settle(page);
  const services = page.getByRole("region", { name: "service" });
  await services.getByRole("button", { name: /^gateway/ }).click({ modifiers: ["Alt"] });
  await expect.poll(() => queryOf(page)).toBe("-service:gateway");
  await services.getByRole("button", { name: "Exclude service catalog" }).click({ force: true });
  await expect.poll(() => queryOf(page)).toBe("-service:gateway -service:catalog");
});

test("any field can be added as a facet and removed again", async () => {
  const page = await site.open("/");
  await settle(page);
  await page.getByRole("button", { name: "Add a field" }).click();
  await page.getByRole("combobox", { name: "Field to count by" }).fill("url.pa");
  await page.getByRole("option", { name: "url.path" }).waitFor();
  await page.keyboard.press("Enter");
  const paths = page.getByRole("region", { name: "url.path" });
  await paths.getByRole("button", { name: /^\/health/ }).waitFor();
  expect(new URL(page.url()).searchParams.get("facets")).toBe("url.path");
  await paths.getByRole("button", { name: "Remove the facet url.path" }).click({ force: true });
  await paths.waitFor({ state: "detached" });
});

test("counts are those of the search", async () => {
  const page = await site.open("/?q=service:checkout+level:error");
  await settle(page);
  const { rows } = site.mock().state.made;
  const count = rows.filter((row) => row.service === "checkout" && row.level === "error").length;
  const level = page.getByRole("region", { name: "level" }).getByRole("button", { name: /^error/ });
  expect(await level.textContent()).toContain(String(count));
});
