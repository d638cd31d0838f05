import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { expect, it } from "vitest";
import { known, perReader } from "./per-reader.ts";
import { observeProcess } from "./process-metrics.ts";
import { PullReader } from "./pull-reader.ts";

/** Values of a metric without labels. */
const valueIn = (text: string, name: string) =>
  Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (.+)$`, "m").exec(text)?.[1]);

it("what is kept from one collection to the next is each reader's own", async () => {
  const [one, other] = [known(new PullReader()), known(new PullReader())];
  const meter = new MeterProvider({ readers: [one, other] }).getMeter("test");
  const collections = perReader(() => ({ count: 0 }));
  meter.createObservableGauge("collections").addCallback((result) => {
    const state = collections();
    state.count++;
    result.observe(state.count);
  });
  const counts: number[] = [];
  for (const reader of [one, one, other, one]) counts.push(valueIn(await reader.text(), "collections"));
  expect(counts).toEqual([1, 2, 1, 3]);
});

it("a scrape between two collections takes nothing of how late the event loop was", async () => {
  const [one, other] = [known(new PullReader()), known(new PullReader())];
  observeProcess(new MeterProvider({ readers: [one, other] }).getMeter("test"));
  for (const reader of [one, other]) await reader.text();
  await measured();
  const end = performance.now() + 300;
  while (performance.now() < end);
  await measured();
  await other.text();
  await measured();
  const text = await one.text();
  expect(valueIn(text, "nodejs_eventloop_delay_max_seconds")).toBeGreaterThan(0.2);
});

/** Node measures by a timer of 10 ms, and after a collection only from the second time on. */
async function measured(): Promise<void> {
  const start = performance.now();
  await expect.poll(() => performance.now() - start).toBeGreaterThan(50);
}
