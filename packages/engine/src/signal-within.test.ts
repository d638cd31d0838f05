import { getEventListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { signalWithin } from "./signal-within.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function ended(signal: AbortSignal): Promise<unknown> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(signal.reason)));
}

it.each([
  ["by itself", () => signalWithin(200, new AbortController().signal)],
  ["within another", () => AbortSignal.any([signalWithin(200), new AbortController().signal])],
])("ends in time though garbage is collected meanwhile: %s", async (_, create) => {
  const end = ended(create());
  for (let times = 0; times < 5; times++) {
    await delay(10);
    collect();
  }
  expect(await Promise.race([end, delay(5_000, "never")])).toMatchObject({ name: "TimeoutError" });
});

it("leaves nothing behind at a signal that lives on", async () => {
  const { signal } = new AbortController();
  for (let times = 0; times < 50; times++) signalWithin(20, signal);
  await expect.poll(() => getEventListeners(signal, "abort").length).toBe(0);
});

it("has ended when what it was given has", () => {
  expect(signalWithin(60_000, AbortSignal.abort("before"))).toMatchObject({
    aborted: true,
    reason: "before",
  });
});

it("ends with the signal that it was given", async () => {
  const controller = new AbortController();
  const end = ended(signalWithin(60_000, controller.signal));
  controller.abort("over");
  expect(await end).toBe("over");
});
