import { describe, expect, it } from "vitest";
import { type Draft, newDraft } from "../formats/format.ts";
import { UTC } from "../formats/time/zone.ts";
import { draftOfPairs, mergeDraft, setProtocolTime } from "./merge-draft.ts";

const CLOCK = { zone: UTC, reference: 0 };
const SECOND = 1_000_000_000n;
const NOON = 1_763_726_400n * SECOND;

const draftWith = (parts: Partial<Draft>): Draft => ({ ...newDraft(), ...parts });

describe("mergeDraft", () => {
  it.each<[string, Partial<Draft>, Partial<Draft>, Partial<Draft>]>([
    [
      "fills what the text leaves out",
      {},
      { service: "a", host: "b", traceId: "c" },
      { service: "a", host: "b", traceId: "c" },
    ],
    [
      "lets the text go first",
      { host: "own" },
      { host: "around" },
      { host: "own", attributes: ["x.host.name", "around"] },
    ],
    ["says the same only once", { host: "same" }, { host: "same" }, { host: "same", attributes: [] }],
    [
      "lets the level around go first",
      { severityNumber: 17, severityText: "ERROR" },
      { severityNumber: 9, severityText: "info" },
      { severityNumber: 9, severityText: "info", attributes: ["log.line_level", "ERROR"] },
    ],
    [
      "keeps the text's level where there is none around",
      { severityNumber: 17, severityText: "ERROR" },
      {},
      { severityNumber: 17, severityText: "ERROR", attributes: [] },
    ],
    [
      "adds attributes",
      { attributes: ["a", "1"] },
      { attributes: ["b", "2"] },
      { attributes: ["a", "1", "b", "2"] },
    ],
  ])("%s", (_name, own, around, expected) => {
    const draft = draftWith(own);
    mergeDraft(draft, draftWith(around), "x");
    expect(draft).toMatchObject(expected);
  });
});

it.each([
  ["few", 0],
  ["many", 100],
])("an attribute that is taken keeps its value behind the prefix, among %s", (_name, count) => {
  const others = Array.from({ length: count }, (_, i) => [`other${i}`, "x"]).flat();
  const draft = draftWith({ attributes: ["a", "own", "b", "same", ...others] });
  mergeDraft(draft, draftWith({ attributes: ["a", "around", "b", "same", "c", "new", ...others] }), "x");
  expect(draft.attributes).toEqual(["a", "own", "b", "same", ...others, "x.a", "around", "c", "new"]);
});

describe("setProtocolTime", () => {
  it.each<[string, bigint | undefined, bigint | undefined, bigint | undefined, string[]]>([
    ["gives the text the time", undefined, NOON, NOON, []],
    ["leaves the text's when there is none", NOON, undefined, NOON, []],
    ["takes a rounded time for the same", NOON + 123n, NOON, NOON, []],
    ["keeps another", NOON, NOON + SECOND, NOON + SECOND, ["log.line_time", "2025-11-21T12:00:00.000Z"]],
  ])("%s", (_name, own, time, expected, attributes) => {
    const draft = draftWith({ timestamp: own });
    setProtocolTime(draft, time);
    expect([draft.timestamp, draft.attributes]).toEqual([expected, attributes]);
  });
});

it("pairs around a text have no text of their own", () => {
  const draft = draftOfPairs(["msg", "m", "time", "2025-11-21T12:00:00Z", "level", "warn", "a", "b"], CLOCK);
  expect(draft).toMatchObject({ body: "", timestamp: undefined, severityNumber: 13 });
  expect(draft.attributes).toEqual(["a", "b", "message", "m", "time", "2025-11-21T12:00:00.000Z"]);
});
