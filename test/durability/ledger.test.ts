import { expect, test } from "vitest";
import { createLedger, type Ledger } from "./ledger.ts";

const payloadOf = (id: string): string => `payload of ${id}`;

/** What is found when a record was sent in one request after another, of which the last may be acknowledged. */
function sent(requests: number, isAcknowledged: boolean) {
  return (ledger: Ledger) => {
    const ids = ledger.take(1);
    const names = Array.from({ length: requests }, () => ledger.sending(ids));
    if (isAcknowledged) ledger.acknowledged(names.at(-1)!);
    return names.flatMap((request) => ids.map((id) => ({ id, request })));
  };
}

type Found = ReturnType<ReturnType<typeof sent>>;

const cases: readonly (readonly [what: string, story: (ledger: Ledger) => Found, faults: RegExp[]])[] = [
  ["finds nothing wrong with what was acknowledged and is there", sent(1, true), []],
  [
    "finds nothing wrong with what was not acknowledged and is there once for each request",
    sent(2, false),
    [],
  ],
  ["sees that an acknowledged record is lost", (ledger) => sent(1, true)(ledger).slice(1), [/lost/]],
  [
    "sees it also when an earlier request of it is there",
    (ledger) => sent(2, true)(ledger).slice(0, 1),
    [/lost/],
  ],
  ["sees a record that is there twice of one request", twice(sent(1, true)), [/more than once/]],
  [
    "sees it also when it was sent as often, and the first request came to nothing",
    (ledger) => twice(sent(2, true))(ledger).slice(2),
    [/more than once/],
  ],
  ["sees a record that was never sent", () => [{ id: "x-0", request: "x/0" }], [/never sent/]],
  [
    "sees a record that was never sent with its request",
    (ledger) => [...sent(1, true)(ledger), { id: "r-0", request: ledger.sending(ledger.take(1)) }],
    [/never sent/],
  ],
];

function twice(story: (ledger: Ledger) => Found): (ledger: Ledger) => Found {
  return (ledger) => story(ledger).flatMap((record) => [record, record]);
}

test.each(cases)("%s", (_what, story, faults) => {
  const ledger = createLedger("r");
  const found = story(ledger).map((record) => ({ ...record, body: payloadOf(record.id) }));
  expect(ledger.faultsIn(found, payloadOf)).toEqual(faults.map((fault) => expect.stringMatching(fault)));
});

test("sees a record that is not as it was sent", () => {
  const ledger = createLedger("r");
  const found = sent(1, true)(ledger).map((record) => ({ ...record, body: "cut" }));
  expect(ledger.faultsIn(found, payloadOf)).toEqual([expect.stringMatching(/not as it was sent/)]);
});

test("counts records, however often they were sent", () => {
  const ledger = createLedger("r");
  sent(3, true)(ledger);
  sent(2, false)(ledger);
  expect([ledger.sent, ledger.acknowledgedCount]).toEqual([2, 1]);
});
