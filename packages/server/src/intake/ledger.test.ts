import { expect, it } from "vitest";
import { createLedger } from "./ledger.ts";

const NOW = 1_800_000_000_000;
const silent = { accepted() {}, rejected() {} };

it("has in all what receivers refuse, though nobody knows whose it is", () => {
  const ledger = createLedger(() => NOW);
  const counters = ledger.counting(silent);
  counters.rejected("syslog", 3, "full");
  counters.rejected("otlp", 1, "malformed");
  counters.accepted("otlp", 5, 100);
  const { refused, refusedPerSecond } = ledger.total.figures(NOW);
  expect(refused).toEqual({ full: 3, malformed: 1 });
  expect(refusedPerSecond).toBeGreaterThan(0);
  expect(ledger.receivers.list(NOW).map(({ name, refused }) => [name, refused])).toEqual([
    ["otlp", { malformed: 1 }],
    ["syslog", { full: 3 }],
  ]);
});

it("does not count in all what a source is refused and its receiver tries again", () => {
  const ledger = createLedger(() => NOW);
  ledger.sources.of("flood").refuse(20_000, "rate_limited", NOW);
  expect(ledger.total.figures(NOW).refused).toEqual({});
});
