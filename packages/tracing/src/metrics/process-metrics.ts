import { readdirSync } from "node:fs";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { getHeapSpaceStatistics } from "node:v8";
import type { Meter, ObservableResult } from "@opentelemetry/api";
import { perReader } from "./per-reader.ts";

const NANOSECONDS = 1e9;

/**
 * What this process takes: CPU, memory, descriptors, and how late its event loop is. All of it is read when somebody
 * collects, so that it costs nothing until then.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/system/process-metrics/ and …/runtime/nodejs-metrics/
 */
export function observeProcess(meter: Meter): void {
  observe(
    meter.createObservableCounter("process.cpu.time", { unit: "s", description: "CPU time used" }),
    () => {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
  );
  observe(
    meter.createObservableUpDownCounter("process.memory.usage", {
      unit: "By",
      description: "Memory that is in RAM",
    }),
    () => process.memoryUsage.rss(),
  );
  const started = Date.now() / 1000 - process.uptime();
  observe(
    meter.createObservableGauge("process.start_time", {
      unit: "s",
      description: "When the process started, in Unix time",
    }),
    () => started,
  );
  if (process.platform === "linux") {
    observe(
      meter.createObservableUpDownCounter("process.unix.file_descriptor.count", {
        description: "Open file descriptors",
      }),
      () => readdirSync("/proc/self/fd").length,
    );
  }
  observeEventLoop(meter);
  observeHeap(meter);
}

function observeEventLoop(meter: Meter): void {
  const atStart = performance.eventLoopUtilization();
  const windowOf = perReader(() => ({ begin: atStart }));
  observe(
    meter.createObservableGauge("nodejs.eventloop.utilization", {
      unit: "1",
      description: "Share of time that the event loop was busy since the last collection",
    }),
    () => {
      const window = windowOf();
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, window.begin);
      window.begin = now;
      return utilization;
    },
  );

  // It keeps a timer: only from the first collection on.
  const delaysOf = perReader(() => {
    const delays = monitorEventLoopDelay({ resolution: 10 });
    delays.enable();
    return delays;
  });
  const delay = (kind: string) =>
    meter.createObservableGauge(`nodejs.eventloop.delay.${kind}`, {
      unit: "s",
      description: `How late the event loop was since the last collection: ${kind}`,
    });
  const gauges = { p50: delay("p50"), p99: delay("p99"), max: delay("max") };
  meter.addBatchObservableCallback((result) => {
    const delays = delaysOf();
    if (delays.count === 0) return;
    result.observe(gauges.p50, delays.percentile(50) / NANOSECONDS);
    result.observe(gauges.p99, delays.percentile(99) / NANOSECONDS);
    result.observe(gauges.max, delays.max / NANOSECONDS);
    delays.reset();
  }, Object.values(gauges));
}

function observeHeap(meter: Meter): void {
  const used = meter.createObservableUpDownCounter("v8js.memory.heap.used", {
    unit: "By",
    description: "Heap in use",
  });
  const limit = meter.createObservableUpDownCounter("v8js.memory.heap.limit", {
    unit: "By",
    description: "Heap that is there",
  });
  meter.addBatchObservableCallback(
    (result) => {
      for (const space of getHeapSpaceStatistics()) {
        const attributes = { "v8js.heap.space.name": space.space_name };
        result.observe(used, space.space_used_size, attributes);
        result.observe(limit, space.space_size, attributes);
      }
    },
    [used, limit],
  );
}

function observe(
  instrument: { addCallback(callback: (result: ObservableResult) => void): void },
  read: () => number,
): void {
  instrument.addCallback((result) => result.observe(read()));
}
