import { expect, test } from "vitest";
import { UTC } from "../formats/time/zone.ts";
import { UserFields } from "./user-fields.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";

function draftOf(object: unknown) {
  const fields = new UserFields();
  fields.begin({ zone: UTC, reference: 0 });
  fields.add("", object);
  return fields.finish();
}

test.each<[unknown, Record<string, unknown>]>([
  [{ a: 1, b: { c: [2] } }, { attributes: ["a", "1", "b.c", "[2]"] }],
  [
    { trace_id: TRACE, service: { name: "shop" }, logger: "a.b" },
    { traceId: TRACE, service: "shop", logger: "a.b", attributes: [] },
  ],
  [{ trace_id: "no id" }, { traceId: "", attributes: ["trace_id", "no id"] }],
  [
    { time: 1795257667, level: "info", message: "m", host: "h" },
    { attributes: ["time", "1795257667", "level", "info", "message", "m", "host", "h"] },
  ],
  [
    { error_message: "gone", error_stack: "E: gone\n    at x" },
    {
      attributes: [
        "exception.type",
        "E",
        "exception.message",
        "gone",
        "exception.stacktrace",
        "E: gone\n    at x",
      ],
    },
  ],
  [{ error: { code: 7 }, errors: 1 }, { attributes: ["error.code", "7", "errors", "1"] }],
  [null, { attributes: [] }],
])("fields %j", (object, expected) => {
  expect(draftOf(object)).toMatchObject({
    severityNumber: 0,
    timestamp: undefined,
    host: "",
    ...expected,
  });
});
