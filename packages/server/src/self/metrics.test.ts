import { expect, it } from "vitest";
import { createMetrics } from "./metrics.ts";

it("counts what receivers accept and refuse", async () => {
  const metrics = createMetrics();
  metrics.counters.accepted("otlp", 100, 23_000);
  metrics.counters.accepted("otlp", 1, 10);
  metrics.counters.rejected("jsonl", 3, "malformed");
  const text = await metrics.render();
  expect(text).toContain('polylog_accepted_records_total{receiver="otlp"} 101');
  expect(text).toContain('polylog_accepted_bytes_total{receiver="otlp"} 23010');
  expect(text).toContain('polylog_rejected_records_total{receiver="jsonl",reason="malformed"} 3');
  expect(text).toContain("process_resident_memory_bytes");
});

it("adds to what it has told already", async () => {
  const metrics = createMetrics();
  metrics.sources.accepted("shop", 2, 100);
  await metrics.render();
  metrics.sources.accepted("shop", 3, 50);
  const text = await metrics.render();
  expect(text).toContain('polylog_source_records_total{source="shop"} 5');
  expect(text).toContain('polylog_source_bytes_total{source="shop"} 150');
});

it("reads gauges and foreign counters when it is asked", async () => {
  const metrics = createMetrics();
  let value = 5;
  metrics.gauge("queue_bytes", "Bytes that wait.", () => value);
  metrics.counter("engine_restarts_total", "Restarts.", () => value);
  expect(await metrics.render()).toMatch(/polylog_queue_bytes 5\n(.|\n)*polylog_engine_restarts_total 5/);
  value = 7;
  expect(await metrics.render()).toMatch(/polylog_queue_bytes 7\n(.|\n)*polylog_engine_restarts_total 7/);
});

it("reads figures of each source, and makes one of those beyond a hundred", async () => {
  const metrics = createMetrics();
  let sources = Array.from({ length: 150 }, (_, i) => [`service ${i}`, i] as const);
  metrics.gauges("source_waits", "What waits.", "source", () => sources, Math.max);
  const linesOf = (text: string) =>
    text.split("\n").filter((line) => line.startsWith("polylog_source_waits"));
  const lines = linesOf(await metrics.render());
  expect(lines).toHaveLength(101);
  expect(lines).toContain('polylog_source_waits{source="service 7"} 7');
  expect(lines).toContain('polylog_source_waits{source="(others)"} 149');
  sources = sources.slice(0, 1);
  expect(linesOf(await metrics.render())).toEqual(['polylog_source_waits{source="service 0"} 0']);
});
