import { expect, test } from "vitest";
import { createLedger, type Ledger } from "./ledger.ts";

const payloadOf = (id: string): string => `payload of ${id}`;

const cases: readonly (readonly [
  what: string,
  story: (ledger: Ledger) => readonly string[],
  faults: RegExp[],
])[] = [
  ["finds nothing wrong with what was acknowledged and is there", sent(1, true), []],
  [
    "finds nothing wrong with what was not acknowledged and is there once for each time",
    twice(sent(2, false)),
    [],
  ],
  ["sees that an acknowledged record is lost", (ledger) => sent(1, true)(ledger).slice(1), [/lost/]],
  ["sees a record that is there more often than it was sent", twice(sent(1, true)), [/2 times, sent 1/]],
  ["sees a record that was never sent", () => ["x-0"], [/never sent/]],
];

function sent(attempts: number, isAcknowledged: boolean): (ledger: Ledger) => readonly string[] {
  return (ledger) => {
    const ids = ledger.take(1);
    for (let attempt = 0; attempt < attempts; attempt++) ledger.sending(ids);
    if (isAcknowledged) ledger.acknowledged(ids);
    return ids;
  };
}

function twice(story: (ledger: Ledger) => readonly string[]): (ledger: Ledger) => readonly string[] {
  return (ledger) => story(ledger).flatMap((id) => [id, id]);
}

test.each(cases)("%s", (_what, story, faults) => {
  const ledger = createLedger("r");
  const found = story(ledger).map((id) => ({ id, body: payloadOf(id) }));
  expect(ledger.faultsIn(found, payloadOf)).toEqual(faults.map((fault) => expect.stringMatching(fault)));
});

test("sees a record that is not as it was sent", () => {
  const ledger = createLedger("r");
  const [id = ""] = sent(1, true)(ledger);
  expect(ledger.faultsIn([{ id, body: "cut" }], payloadOf)).toEqual([
    expect.stringMatching(/not as it was sent/),
  ]);
});
