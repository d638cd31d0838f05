import { expect, test } from "vitest";
import { row } from "../../../testing/row.ts";
import { fieldGroups, recordJson, stackOf } from "./record-fields.ts";

test("attributes come first, and what is empty is left out", () => {
  const groups = fieldGroups(row({ attributes: { path: "/cart" }, host: "" }));
  expect(groups.map((group) => group.title)).toEqual(["Attributes", "Record"]);
  expect(groups[1]?.fields.map((field) => field.name)).not.toContain("host");
});

test("only what the query language knows can be asked for", () => {
  const record = fieldGroups(row())[0];
  const asked = record?.fields.filter((field) => field.queryField !== undefined).map((field) => field.name);
  expect(asked).toEqual(["level", "service", "logger", "host", "runtime"]);
});

test("a stack trace is shown in its own place", () => {
  const record = row({ attributes: { "exception.stacktrace": "Error\n    at x", other: "1" } });
  expect(stackOf(record)).toBe("Error\n    at x");
  expect(fieldGroups(record)[0]?.fields.map((field) => field.name)).toEqual(["other"]);
});

test("a stack attribute of one line stays a field", () => {
  const record = row({ attributes: { stack: "blue" } });
  expect(stackOf(record)).toBeUndefined();
  expect(fieldGroups(record)[0]?.fields).toEqual([{ name: "stack", value: "blue", queryField: "stack" }]);
});

test("the JSON leaves out what is empty", () => {
  expect(JSON.parse(recordJson(row()))).not.toHaveProperty("traceId");
});
