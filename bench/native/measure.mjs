import { closeSync, openSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { devNull } from "node:os";
import { configure, flush, flushSync, withContext } from "polylog";

/**
 * One measurement of `bench/cases/native.mjs`, in a process of its own: what it is told on the command line, and its figures
 * as JSON on stdout.
 */
const { addon: path, action, records } = JSON.parse(process.argv[2]);
const addon = createRequire(import.meta.url)(path);
const { sent, dropped } = addon[Symbol.for("polylog.v1.addon")];

let delivered = 0;
const output = openSync(devNull, "w");

/** Lines of text, gathered as stream sinks do, to where writing costs next to nothing. */
function lineSink() {
  let text = "";
  return {
    writeLine(line) {
      delivered++;
      text += line;
      if (text.length < 65_536) return;
      writeSync(output, text);
      text = "";
    },
  };
}

/** CPU of one of those that `make` makes so many of, until it is handed over: in bursts of which none is lost. */
function cpuInBursts(make) {
  const burst = 5_000;
  const all = (count) => {
    delivered = 0;
    for (let left = count; left > 0; left -= burst) {
      make(Math.min(burst, left));
      flushSync();
    }
    if (delivered !== count) throw new Error(`of ${count} only ${delivered} came through`);
  };
  all(20 * burst);
  const before = process.cpuUsage();
  all(records);
  const { user, system } = process.cpuUsage(before);
  return { ns: ((user + system) * 1e3) / records, delivered };
}

const actions = {
  /** Native threads log flat out; what arrives becomes lines. */
  async delivered() {
    configure({ format: "text", sinks: { lines: lineSink() } });
    await addon.flood(1, records);
    await flush();
    delivered = 0;
    const started = performance.now();
    await addon.flood(1, records);
    await flush();
    return { ns: ((performance.now() - started) * 1e6) / delivered, delivered };
  },

  /** The same, where a sink is handed each record as an object. */
  async record() {
    const take = (record) => {
      if (record.message !== "") delivered++;
    };
    configure({ sinks: { take } });
    await addon.flood(1, records);
    await flush();
    delivered = 0;
    const started = performance.now();
    await addon.flood(1, records);
    await flush();
    return { ns: ((performance.now() - started) * 1e6) / delivered, delivered };
  },

  /** CPU of a record from its macro to a sink that does nothing with it. */
  cpu() {
    const nothing = (record) => {
      if (record.message !== "") delivered++;
    };
    configure({ sinks: { nothing } });
    return cpuInBursts((count) => addon.timeEnabled(count));
  },

  /** A call of a thread-safe function with an object for each record; nothing is done with it. */
  async each() {
    let seen = 0;
    const forward = (count) =>
      new Promise((resolve) => {
        seen = 0;
        addon.forwardEach(count, (record) => {
          if (record.message !== "") seen++;
          if (seen === count) resolve();
        });
      });
    await forward(records);
    const started = performance.now();
    await forward(records);
    return { ns: ((performance.now() - started) * 1e6) / records, delivered: seen };
  },

  /** A span of `tracing` that belongs to no trace. */
  span() {
    configure({ sinks: { nothing: () => {} } });
    addon.timeSpans(records);
    return { ns: addon.timeSpans(records) };
  },

  /** CPU of one that belongs to a trace, from its macro to who takes it. */
  async spanOfTrace() {
    const { takeNativeSpans } = await import("polylog/native");
    configure({ sinks: { nothing: () => {} } });
    const take = (span) => {
      if (span.name !== "") delivered++;
    };
    takeNativeSpans({ take, lost: () => {} });
    const trace = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
    return cpuInBursts((count) => withContext({ trace }, () => addon.timeSpans(count)));
  },

  disabled() {
    configure({ level: "info", sinks: { lines: lineSink() } });
    addon.timeDisabled(records);
    const [log, tracing] = addon.timeDisabled(records);
    return { log, tracing };
  },

  /** How late a timer of a millisecond comes while a native thread logs flat out. */
  async stall() {
    configure({ format: "text", sinks: { lines: lineSink() } });
    await addon.flood(1, 200_000);
    const late = [];
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      late.push(now - last - 1);
      last = now;
    }, 1);
    const ended = performance.now() + 10_000;
    while (performance.now() < ended) await addon.flood(1, records);
    clearInterval(timer);
    await flush();
    late.sort((one, other) => one - other);
    return { p999: late[Math.floor(late.length * 0.999)], most: late.at(-1), turns: late.length };
  },

  /** Two threads send so many records: each is delivered, or counted. */
  async exact() {
    configure({ format: "text", sinks: { lines: lineSink() } });
    await addon.flood(2, records / 2);
    await flush();
    return { sent: sent(), delivered, dropped: dropped(), isExact: sent() === delivered + dropped() };
  },
};

console.log(JSON.stringify(await actions[action]()));
closeSync(output);
