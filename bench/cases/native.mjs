import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { buildAddon } from "../../scripts/build-addon.mjs";
import { forwarders } from "../native/forwarding.mjs";
import { median } from "../report.mjs";

const MEASURE = fileURLToPath(new URL("../native/measure.mjs", import.meta.url));

/** Records from native code: what one costs, what it costs to forward each by a call, and what they do to the event loop. */
export function run({ isQuick, report }) {
  const { path: addon, reason } = buildAddon("polylog-bench", { isRelease: true });
  if (addon === undefined) throw new Error(reason);
  const measure = (action, records) => {
    const task = JSON.stringify({ addon, action, records });
    const { status, stdout, stderr } = spawnSync(process.execPath, [MEASURE, task], { encoding: "utf8" });
    if (status !== 0) throw new Error(`measuring ${action} failed:\n${stderr}`);
    return JSON.parse(stdout);
  };

  const rounds = isQuick ? 3 : 5;
  const eachRound = (work) => Array.from({ length: rounds }, work);
  const flood = isQuick ? 500_000 : 2_000_000;
  const turns = eachRound(() => ({
    record: measure("record", flood).ns,
    line: measure("delivered", flood).ns,
    each: measure("each", isQuick ? 100_000 : 300_000).ns,
  }));
  const each = rounded(median(turns.map((turn) => turn.each)));
  const against = (peer, peerValue, value, ratioBar) => ({
    peer,
    peerValue,
    ratio: ratioOf(peerValue, value),
    ratioBar,
  });
  for (const [what, name] of [
    ["record", "delivered to a sink as an object, at saturation"],
    ["line", "delivered as a line of text, at saturation"],
  ]) {
    const value = median(turns.map((turn) => turn[what]));
    report.add(name, value, "ns", { bar: 300, ...against("a call with an object for each", each, value, 4) });
  }

  const count = isQuick ? 50_000 : 300_000;
  for (const { name, reason, measure: measurePeer } of forwarders()) {
    if (reason !== undefined) {
      console.error(`bench: nothing to compare with ${name}: ${reason}`);
      continue;
    }
    const pairs = eachRound(() => [measure("cpu", count).ns, measurePeer(count)]);
    const value = median(pairs.map(([ours]) => ours));
    const peerValue = rounded(median(pairs.map(([, peer]) => peer)));
    report.add(`CPU, logged and delivered, against ${name}`, value, "ns", against(name, peerValue, value, 3));
  }

  const spans = eachRound(() => [measure("span", 1_000_000).ns, measure("spanOfTrace", count).ns]);
  report.add("span of tracing, outside of a trace", median(spans.map(([outside]) => outside)), "ns");
  report.add("span of a trace, CPU, made and delivered", median(spans.map(([, inside]) => inside)), "ns", {
    bar: 5_000,
  });

  const disabled = eachRound(() => measure("disabled", 50_000_000));
  report.add("disabled, log", median(disabled.map(({ log }) => log)), "ns", { bar: 1 });
  report.add("disabled, tracing", median(disabled.map(({ tracing }) => tracing)), "ns", { bar: 1 });

  const stall = measure("stall", 2_000_000);
  report.add("stall of the event loop under a flood, 99.9 %", stall.p999, "ms", { bar: 10 });
  report.add("the longest stall", stall.most, "ms");

  const records = isQuick ? 1_000_000 : 10_000_000;
  const { sent, delivered, dropped } = measure("exact", records);
  report.add("sent by two threads", sent, "records");
  report.add("of these delivered", delivered, "records");
  report.add("of these dropped and counted", dropped, "records");
  report.add("neither delivered nor counted", sent - delivered - dropped, "records", { bar: 0 });
}

const rounded = (value) => Number(value.toPrecision(4));
const ratioOf = (peerValue, value) => Number((peerValue / value).toPrecision(3));

/** A column for the peer beside the usual ones. */
export function tableOf(rows) {
  const number = (value, unit) => `${value.toLocaleString("en")} ${unit}`;
  return {
    columns: ["Case", "Median", "Aim", "One by one", "Ratio"],
    rows: rows.map(({ case: name, value, unit, bar, peerValue, ratio, ratioBar }) => [
      name,
      number(value, unit),
      bar === undefined ? "" : number(bar, unit),
      peerValue === undefined ? "" : number(peerValue, unit),
      ratio === undefined ? "" : `${ratio} (aim ${ratioBar})`,
    ]),
  };
}
