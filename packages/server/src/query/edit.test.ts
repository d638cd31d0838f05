import fc from "fast-check";
import { expect, test } from "vitest";
import { addFilter, removePart } from "./edit.ts";
import { attributeName, fieldReference } from "./fields.ts";
import { parseQuery } from "./parser.ts";
import { topLevelParts } from "./parts.ts";
import { quoteField, quoteValue } from "./quote.ts";

test.each<[query: string, field: string, value: string, exclude: boolean, result: string]>([
  ["", "level", "warn", false, "level:warn"],
  ["*", "level", "warn", true, "-level:warn"],
  ["  ", "host", "a b", false, 'host:"a b"'],
  ["card", "host", "x", false, "card host:x"],
  ["card ", "host", "x", true, "card -host:x"],
  ["host:x card", "host", "x", false, "host:x card"],
  ["host:x card", "host", "x", true, "-host:x card"],
  ["-host:x card", "host", "x", false, "host:x card"],
  ["a NOT host:x b", "host", "x", false, "a host:x b"],
  ["host.name:x", "host", "x", false, "host.name:x"],
  ['host:"x"', "host", "x", false, 'host:"x"'],
  ["id:7", "id", "7", true, "-id:7"],
  ["path:x", "resource.path", "x", false, "path:x resource.path:x"],
  ["host:x*", "host", "x", false, "host:x* host:x"],
  ["a OR b", "host", "x", false, "(a OR b) host:x"],
  ["(a OR b)", "host", "x", false, "(a OR b) host:x"],
  ["level:(a", "host", "x", false, "level:(a host:x"],
  ["level:(warn OR error)", "host", "x", false, "level:(warn OR error) host:x"],
  ["a b", "weird name", 'q"\\', false, 'a b "weird name":"q\\"\\\\"'],
  ["a", "x", "", false, 'a x:""'],
  ["/health", "path", "GET / HTTP/1.1", false, '\\/health path:"GET / HTTP/1.1"'],
  ["a / b", "path", "x / y", true, 'a \\/ b -path:"x / y"'],
  ["/health path:x c", "path", "x", true, "/health -path:x c"],
  ["/health", "path", "/a/b", false, '/health path:"/a/b"'],
  ["a\\ ", "host", "x", false, "a\\  host:x"],
])("%j with %s=%j (exclude %s) is %j", (query, field, value, exclude, result) => {
  expect(addFilter(query, field, value, exclude)).toBe(result);
});

test.each<[query: string, parts: string[]]>([
  ["", []],
  ["*", []],
  ["a", ["a"]],
  ["a AND b  c", ["a", "b", "c"]],
  ["a OR b", ["a OR b"]],
  ["(a OR b) -c level:(warn OR error)", ["(a OR b)", "-c", "level:(warn OR error)"]],
  ["(a) b", ["(a)", "b"]],
  ["(a b)", ["a", "b"]],
  ["x:(a b)", ["x:(a b)"]],
  ["NOT (a b)", ["NOT (a b)"]],
])("the parts of %j are %j", (query, parts) => {
  const result = parseQuery(query);
  expect(result.ok && topLevelParts(result.tree, query).map((part) => part.text)).toEqual(parts);
});

test.each<[query: string, part: string, rest: string]>([
  ["a", "a", ""],
  ["a b", "a", "b"],
  ["a b", "b", "a"],
  ["a AND b AND c", "b", "a AND c"],
  ["a AND b AND c", "c", "a AND b"],
  ["a NOT b c", "NOT b", "a c"],
  ["(a OR b) c", "(a OR b)", "c"],
  ["(a b)", "b", "(a)"],
  ["(a b)", "a", "(b)"],
  ["a(b OR c)d", "(b OR c)", "a d"],
  ["a(b OR c):>=:", "(b OR c)", "a :>=:"],
  ["a\\ (b OR c) d", "(b OR c)", "a\\  d"],
  ["a AND(b OR c)d", "(b OR c)", "a AND d"],
  ["/a b/(c OR d)", "(c OR d)", "\\/a b/"],
  ["(x /a) b/(c OR d) e", "(c OR d)", "(x \\/a) b/ e"],
  ["/a:>=b c/(d) e", "(d)", "\\/a\\:>=b c/ e"],
])("%j without %j is %j", (query, part, rest) => {
  const start = query.indexOf(part);
  expect(removePart(query, { start, end: start + part.length })).toBe(rest);
});

test("what is no part is not removed", () => {
  expect(removePart("a b", { start: 0, end: 3 })).toBe("a b");
  expect(removePart("(", { start: 0, end: 1 })).toBe("(");
});

const QUERY = fc
  .array(
    fc.constantFrom(
      "a ",
      "OR b ",
      "(c OR d) ",
      "-e ",
      "AND f ",
      '"g h" ',
      "level:warn ",
      "-x:1 ",
      "x:(1 2) ",
      "NOT (y:z) ",
      "* ",
    ),
    { maxLength: 6 },
  )
  .map((terms) => terms.join(""))
  .filter((query) => parseQuery(query).ok);
const NAME = fc
  .oneof(fc.constantFrom("x", "y", "host", "a.b", "AND", "http://x"), fc.string({ unit: "binary" }))
  .filter((name) => name !== "" && fieldReference(name).type === "text");
const VALUE = fc.oneof(
  fc.constantFrom("1", "z", "AND", "*", "-", "/x/", ">5", "[1"),
  fc.string({ unit: "binary" }),
);

test("any field and any value can be written", () => {
  fc.assert(
    fc.property(NAME, VALUE, (name, value) => {
      const result = parseQuery(`${quoteField(name)}:${quoteValue(value)}`);
      expect(result).toMatchObject({
        ok: true,
        tree: { kind: "field", name, predicate: { kind: "equals", value } },
      });
    }),
    { numRuns: 3000 },
  );
});

test("a query with a filter added is a query, asks for it once, and twice is as good as once", () => {
  fc.assert(
    fc.property(QUERY, NAME, VALUE, fc.boolean(), (query, name, value, exclude) => {
      const once = addFilter(query, name, value, exclude);
      const result = parseQuery(once);
      if (!result.ok) throw new Error(`${once}: ${result.error.message}`);
      expect(addFilter(once, name, value, exclude)).toBe(once);
      const turned = addFilter(once, name, value, !exclude);
      expect(parseQuery(turned).ok).toBe(true);
      expect(addFilter(turned, name, value, !exclude)).toBe(turned);
    }),
    { numRuns: 1000 },
  );
});

test("a query without one of its parts is a query that has the others", () => {
  fc.assert(
    fc.property(QUERY, fc.nat(), (query, choice) => {
      const result = parseQuery(query);
      const parts = result.ok ? topLevelParts(result.tree, query) : [];
      if (parts.length === 0) return;
      const index = choice % parts.length;
      const rest = removePart(query, parts[index] as (typeof parts)[number]);
      expect(parseQuery(rest).ok).toBe(true);
      const others = parts.filter((_, at) => at !== index).map((part) => part.text);
      let from = 0;
      for (const other of others) {
        expect(rest.indexOf(other, from)).toBeGreaterThanOrEqual(from);
        from = rest.indexOf(other, from) + other.length;
      }
    }),
    { numRuns: 1000 },
  );
});

test.each<[name: string, reference: Partial<ReturnType<typeof fieldReference>>]>([
  ["level", { kind: "column", key: "level" }],
  ["severity", { kind: "column", key: "level" }],
  ["trace_id", { kind: "column", key: "trace" }],
  ["http.route", { kind: "attribute", key: "http.route", places: ["attribute", "resource", "scope"] }],
  ["attributes.level", { kind: "attribute", key: "level", places: ["attribute"] }],
  ["resource.host.name", { kind: "resource", key: "host.name", places: ["resource"] }],
  ["scope.x", { kind: "scope", key: "x", places: ["scope"] }],
  ["attributes.", { kind: "attribute", key: "attributes." }],
  ["__proto__", { kind: "attribute", key: "__proto__" }],
  ["constructor", { kind: "attribute", key: "constructor" }],
])("the field %s", (name, reference) => {
  expect(fieldReference(name)).toMatchObject(reference);
});

test.each<[key: string, place: "attribute" | "resource" | "scope", name: string]>([
  ["http.route", "attribute", "http.route"],
  ["level", "attribute", "attributes.level"],
  ["resource.x", "attribute", "attributes.resource.x"],
  ["host.name", "resource", "resource.host.name"],
  ["x", "scope", "scope.x"],
])("the attribute %s of the %s is written %s", (key, place, name) => {
  expect(attributeName(key, place)).toBe(name);
  expect(fieldReference(name)).toMatchObject({ kind: place, key });
});
