import { expect, test } from "vitest";
import { settle, startSite } from "../../testing/site.ts";

const site = startSite(0);

test("an empty store shows how to send the first log, and goes on by itself when it arrives", async () => {
  const page = await site.open("/");
  const guide = page.getByRole("region", { name: "Send the first log" });
  // The address by which this reader came is the one that reaches the server from here.
  await guide.getByText(`curl ${new URL(page.url()).origin}/v1/jsonl`).waitFor();
  for (const title of ["Node", "Python", "Rust", "OpenTelemetry SDK"]) {
    await guide.getByRole("tab", { name: title }).click();
    await guide.getByRole("button", { name: "Copy" }).first().waitFor();
  }
  const { made } = site.mock().state;
  made.rows.unshift(made.make(Date.now()));
  await settle(page);
  await guide.waitFor({ state: "detached" });
});

test("the keys and the commands are a key away", async () => {
  const page = await site.open("/send");
  await page.getByRole("heading", { name: "Send logs" }).waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Command" }).fill("only warn");
  await page.keyboard.press("Enter");
  await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("level:>=warn");
});

test("g s goes to the search", async () => {
  const page = await site.open("/send");
  await page.getByRole("heading", { name: "Send logs" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("s");
  await expect.poll(() => new URL(page.url()).pathname).toBe("/");
});
