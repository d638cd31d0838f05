import { expect, test } from "vitest";
import { queryOf, settle, startSite } from "../../../testing/site.ts";

const site = startSite(2_000);

test("it completes fields, then their values with counts, and Tab takes the first", async () => {
  const page = await site.open("/");
  await settle(page);
  await page.keyboard.press("/");
  await page.keyboard.type("serv");
  const options = page.locator(".cm-tooltip-autocomplete [role=option]");
  await options.first().waitFor();
  expect(await options.first().textContent()).toContain("service");
  await page.keyboard.press("Tab");
  await options.filter({ hasText: "gateway" }).waitFor();
  expect(await options.first().textContent()).toMatch(/gateway\s*[\d,]+/);
  await page.keyboard.type("che");
  await expect.poll(() => options.allInnerTexts()).toHaveLength(1);
  await page.keyboard.press("Tab");
  await expect.poll(() => queryOf(page)).toBe("service:checkout ");
  await page.keyboard.press("Enter");
  await expect.poll(() => new URL(page.url()).searchParams.get("q")).toContain("service:checkout");
});

test("queries that were run are offered again", async () => {
  const page = await site.open("/");
  await settle(page);
  await page.keyboard.press("/");
  await page.keyboard.type("declined");
  await page.keyboard.press("Enter");
  await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("declined");
  await page.getByRole("button", { name: "Clear the query" }).click();
  await page.keyboard.type("decl");
  await page.locator(".cm-tooltip-autocomplete [role=option]", { hasText: "declined" }).click();
  await expect.poll(() => queryOf(page)).toBe("declined");
});

test("a wrong query is underlined in its place, explained, and not asked", async () => {
  const page = await site.open("/");
  await settle(page);
  const asked = site.mock().state.asked.length;
  await page.keyboard.press("/");
  await page.keyboard.type("level:>=wran card");
  await page.keyboard.press("Enter");
  expect(await page.locator(".q-error").textContent()).toContain("wran");
  expect(await page.getByRole("alert").textContent()).not.toBe("");
  expect(
    site
      .mock()
      .state.asked.slice(asked)
      .filter((path) => /^\/logs(\?|\/histogram)/.test(path) && path.includes("wran")),
  ).toEqual([]);
  await page.keyboard.press("Backspace");
  await page.getByRole("alert").waitFor({ state: "detached" });
});

test("pasted lines become one", async () => {
  const page = await site.open("/");
  await settle(page);
  await page.keyboard.press("/");
  await page.evaluate(() => {
    const data = new DataTransfer();
    data.setData("text/plain", "card\n  declined");
    document.activeElement?.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true }),
    );
  });
  await expect.poll(() => queryOf(page)).toBe("card declined");
});

test("a key press is on the screen within 50 ms", async () => {
  const page = await site.open("/");
  await settle(page);
  await page.keyboard.press("/");
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { keyTimes: times });
    document.addEventListener(
      "keydown",
      () => {
        const pressed = performance.now();
        requestAnimationFrame(() => setTimeout(() => times.push(performance.now() - pressed)));
      },
      true,
    );
  });
  await page.keyboard.type("card declined service", { delay: 60 });
  const times = await page.evaluate(() => (window as unknown as { keyTimes: number[] }).keyTimes);
  const median = times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
  console.info(
    `key press to pixel: median ${median.toFixed(1)} ms, worst ${Math.max(...times).toFixed(1)} ms`,
  );
  expect(median).toBeLessThan(50);
});
