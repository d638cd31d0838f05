import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../redaction/redactor.ts";
import { messageOf, stackOf } from "./error.ts";
import { createJsonWriter } from "./json-writer.ts";
import { LIMITS } from "./limits.ts";

const writer = createJsonWriter(undefined);
const read = (value: unknown): unknown => JSON.parse(writer.value(value));
const circular: Record<string, unknown> = { name: "a" };
circular.self = circular;

const money = (amount: number) => ({ toJSON: () => `${amount} EUR` });
class Point {
  x = 1;
  y = 2;
}

const inheriting = Object.assign(Object.create({ inherited: 1 }), { d: 2 });

const fails = () => {
  throw new Error("no");
};
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const withMessage = (property: PropertyDescriptor) =>
  Object.defineProperty(new Error("x"), "message", property);

describe("JSON of any value", () => {
  it.each<[string, unknown, unknown]>([
    ["a text", 'a"b\\c\n\u0001', 'a"b\\c\n\u0001'],
    ["half a surrogate pair", "\ud800", "\ud800"],
    ["numbers without a JSON form", [Number.NaN, Number.POSITIVE_INFINITY, -0], ["NaN", "Infinity", 0]],
    ["a BigInt", Object.fromEntries([["big", 12345678901234567890n]]), { big: "12345678901234567890" }],
    [
      "a symbol and a function",
      { a: Symbol("s"), b: function pay() {} },
      { a: "Symbol(s)", b: "[Function: pay]" },
    ],
    ["undefined", { a: undefined, b: [undefined] }, { b: [null] }],
    ["a circle", circular, { name: "a", self: "[Circular]" }],
    ["a map", new Map([["a", 1]]), { a: 1 }],
    ["a map of other keys", new Map([[{ id: 1 }, 2]]), [[{ id: 1 }, 2]]],
    ["a set", new Set([1, "two"]), [1, "two"]],
    ["dates", [new Date(0), new Date(Number.NaN)], ["1970-01-01T00:00:00.000Z", "Invalid Date"]],
    ["bytes", Buffer.from([1, 2, 255]), "[3 bytes: 0102ff]"],
    ["a class of one's own", new Point(), { x: 1, y: 2 }],
    ["fields that are inherited", { a: Object.create({ b: 1 }), c: inheriting }, { a: {}, c: { d: 2 } }],
    [
      "a field that is called constructor",
      { constructor: 1, a: { constructor: Object } },
      { constructor: 1, a: { constructor: "[Function: Object]" } },
    ],
    ["toJSON", { price: money(3) }, { price: "3 EUR" }],
    [
      "a toJSON that throws",
      {
        a: {
          toJSON() {
            throw new Error("no");
          },
        },
        b: 1,
      },
      { a: "[Throws: no]", b: 1 },
    ],
    [
      "a getter that throws",
      {
        get a() {
          throw new Error("no");
        },
        b: 1,
      },
      { a: "[Throws: no]", b: 1 },
    ],
    ["a URL", new URL("http://a.example/b"), "http://a.example/b"],
    ["an expression", /a+/g, "/a+/g"],
    ["a field called __proto__", JSON.parse('{"__proto__":{"x":1}}'), JSON.parse('{"__proto__":{"x":1}}')],
    ["no prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
    ["a promise", Promise.resolve(1), "[Promise]"],
    ["holes", Array(2), [null, null]],
    ["a proxy that was revoked", [revoked], [expect.stringMatching(/^\[Throws: .*revoked\]$/)]],
    [
      "a tag that throws",
      new (class {
        get [Symbol.toStringTag]() {
          return fails();
        }
      })(),
      {},
    ],
  ])("tells %s", (_, value, expected) => expect(read(value)).toEqual(expected));

  it("says how much of a long text is gone", () => {
    const text = read("x".repeat(LIMITS.text + 7)) as string;
    expect(text.slice(LIMITS.text)).toBe("… [7 more characters left out]");
  });

  it("says what of too many values is gone", () => {
    const list = read(Array.from({ length: LIMITS.values + 5 }, (_, index) => index)) as unknown[];
    expect(list.at(-1)).toBe("[5 more left out]");
  });

  it("ends in a tree that goes on without end", () => {
    const endless = (): object => ({
      get next() {
        return endless();
      },
    });
    expect(writer.value(endless())).toContain("[Deeper levels left out]");
  });

  it("tells errors whole: causes, errors within, fields of their own", () => {
    const inner = Object.assign(new RangeError("deep"), { code: "E_DEEP" });
    const error = new AggregateError([inner, "text"], "many", { cause: inner });
    expect(read({ error })).toMatchObject({
      error: {
        name: "AggregateError",
        message: "many",
        stack: expect.stringContaining("json-writer.test"),
        cause: { name: "RangeError", message: "deep", code: "E_DEEP" },
        errors: [{ name: "RangeError", code: "E_DEEP" }, "text"],
      },
    });
  });

  it("ends with causes that go in a circle", () => {
    const error = new Error("a");
    error.cause = error;
    expect(read(error)).toMatchObject({ message: "a", cause: "[Circular]" });
  });

  it("ends with errors that hold themselves, ten times over", () => {
    const error = new AggregateError([], "many");
    error.errors = Array(12).fill(error);
    expect(read(error)).toMatchObject({
      errors: [...Array(10).fill("[Circular]"), "[2 more left out]"],
    });
  });

  it.each<[string, (error: unknown) => string]>([
    ["JSON", writer.value],
    ["the stack", stackOf],
  ])("tells no more errors of a tree than a record may hold, in %s", (_, write) => {
    const tree = (depth: number): Error => {
      const errors = depth === 0 ? [] : Array.from({ length: 10 }, () => tree(depth - 1));
      return Object.assign(new AggregateError(errors, "many"), { stack: `many ${depth}` });
    };
    const text = write(tree(4));
    expect(text.match(/many \d/g)).toHaveLength(LIMITS.errors);
    expect(text).toContain("[Further errors left out]");
  });

  it.each<[string, unknown, object]>([
    ["no message", withMessage({ value: undefined }), { message: "" }],
    ["a list for a message", withMessage({ value: ["a", "b"] }), { message: "a,b" }],
    ["a message that throws", withMessage({ get: fails }), { message: "unknown error" }],
    ["a message that is no text", withMessage({ value: Object.create(null) }), { message: "unknown error" }],
    ["another realm", runInNewContext('new RangeError("vm")'), { name: "RangeError", message: "vm" }],
    [
      "a field that throws",
      Object.defineProperty(new Error("x"), "code", { get: fails, enumerable: true }),
      { code: "[Throws: no]" },
    ],
  ])("tells an error of %s", (_, error, expected) => {
    expect(read({ error })).toMatchObject({ error: { stack: expect.any(String), ...expected } });
    expect(messageOf(error)).toBeTypeOf("string");
    expect(stackOf(error)).toBeTypeOf("string");
  });

  it("has each name of an error once, although the error has it as a field of its own too", () => {
    const error = new Error("boom");
    for (const name of ["name", "message", "stack"])
      Object.defineProperty(error, name, { value: name, enumerable: true });
    expect(writer.value(Object.assign(error, { code: 1 }))).toBe(
      '{"name":"name","message":"message","stack":"stack","code":1}',
    );
  });

  it("holds no more text than a record may", () => {
    const fields = { texts: Array(2_100).fill("x".repeat(LIMITS.text)) };
    for (const text of [writer.value(fields), writer.fields(fields, true)]) {
      expect(text.length).toBeLessThan(LIMITS.total + 2_100 * 60);
      expect(text).toContain("[262144 more characters left out]");
    }
  });

  it("holds no more of names than a record may", () => {
    const name = "n".repeat(LIMITS.text);
    const fields = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`${at}${name}`, at]));
    expect(writer.fields(fields, true).length).toBeLessThan(LIMITS.total + 50 * 60);
  });

  it("is that of JSON.stringify for what JSON knows", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(writer.value(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it("can be read back, whatever is given", () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withSparseArray: true,
          withNullPrototype: true,
        }),
        (value) => {
          expect(() => JSON.parse(writer.value(value))).not.toThrow();
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("fields", () => {
  it.each([
    [{ a: 1, b: "x" }, true, '{"a":1,"b":"x"'],
    [{ a: 1, b: "x" }, false, ',"a":1,"b":"x"'],
    [{ b: "x", a: 1 }, true, '{"b":"x","a":1'],
    [{}, true, ""],
    [{ a: undefined }, false, ""],
    [{ a: {}, b: [] }, true, '{"a":{},"b":[]'],
    [{ a: { b: "x" }, c: "y" }, true, '{"a":{"b":"x"},"c":"y"'],
    [{ a: 1n }, false, ',"a":"1"'],
    [{ toJSON: () => undefined }, true, ""],
    [
      new (class {
        toJSON() {
          return undefined;
        }
      })(),
      true,
      "",
    ],
    [new Map([["a", 1]]), true, '{"a":1'],
    [new Point(), false, ',"x":1,"y":2'],
    [[1], true, '{"value":[1]'],
  ])("%o, first %j, are written %s", (fields, isFirst, expected) => {
    expect(writer.fields(fields, isFirst)).toBe(expected);
  });

  it("are right in whatever order they come, one record after another", () => {
    const records = [
      { a: 1, b: { a: 2, c: 3 } },
      { b: 1, a: { c: 1 } },
      { a: { b: 1 }, c: [{ c: 1, a: 2 }] },
      { c: 1 },
    ];
    for (const record of [...records, ...records]) expect(read(record)).toEqual(record);
  });

  it("that can't be had come out as text", () => {
    const text = writer.fields(revoked, true);
    expect(JSON.parse(`${text}}`)).toEqual({ value: expect.stringContaining("revoked") });
  });

  it("are whole although a getter logs while they are written", () => {
    const fields = {
      a: 1,
      get b() {
        return writer.fields({ inner: "x" }, true);
      },
      c: 2,
    };
    expect(JSON.parse(`${writer.fields(fields, true)}}`)).toEqual({ a: 1, b: '{"inner":"x"', c: 2 });
  });
});

describe("redaction", () => {
  const masked = (keys: string[], value: object) =>
    JSON.parse(`${createJsonWriter(createRedactor(keys)).fields(value, true) || "{"}}`) as unknown;

  it.each<[string[], object, object]>([
    [
      ["password"],
      { password: "x", user: { Password: "y", name: "z" } },
      { password: "[redacted]", user: { Password: "[redacted]", name: "z" } },
    ],
    [
      ["user.card.number"],
      { user: { card: { number: 1, brand: "v" } }, number: 2 },
      { user: { card: { number: "[redacted]", brand: "v" } }, number: 2 },
    ],
    [
      ['headers["x-api-key"]'],
      { headers: { "x-api-key": "k", host: "h" } },
      { headers: { "x-api-key": "[redacted]", host: "h" } },
    ],
    [
      ["items[*].token"],
      { items: [{ token: 1, id: 1 }, { token: 2 }] },
      { items: [{ token: "[redacted]", id: 1 }, { token: "[redacted]" }] },
    ],
    [
      ["users.*.ssn"],
      { users: { a: { ssn: 1 }, b: { ssn: 2, c: 3 } } },
      { users: { a: { ssn: "[redacted]" }, b: { ssn: "[redacted]", c: 3 } } },
    ],
    [
      ["token"],
      { map: new Map([["token", 1]]), list: [{ token: 1 }] },
      { map: { token: "[redacted]" }, list: [{ token: "[redacted]" }] },
    ],
    [
      ["*.token", "user.name"],
      { user: { name: 1, token: 2, id: 3 }, other: { name: 4, token: 5 } },
      {
        user: { name: "[redacted]", token: "[redacted]", id: 3 },
        other: { name: 4, token: "[redacted]" },
      },
    ],
    [
      ["items[0].token", "items[*].secret"],
      {
        items: [
          { token: 1, secret: 2 },
          { token: 3, secret: 4 },
        ],
      },
      {
        items: [
          { token: "[redacted]", secret: "[redacted]" },
          { token: 3, secret: "[redacted]" },
        ],
      },
    ],
    [
      ["token", "map.name"],
      {
        map: new Map<unknown, unknown>([
          ["token", 1],
          ["name", 2],
          [3, { token: 4 }],
          ["id", 5],
        ]),
      },
      {
        map: [
          ["token", "[redacted]"],
          ["name", "[redacted]"],
          [3, { token: "[redacted]" }],
          ["id", 5],
        ],
      },
    ],
    [
      ["error.cause.token"],
      { error: Object.assign(new Error("a"), { name: "E", stack: "", cause: { token: 1 } }) },
      { error: { name: "E", message: "a", stack: "", cause: { token: "[redacted]" } } },
    ],
  ])("of %j masks it", (keys, value, expected) => expect(masked(keys, value)).toEqual(expected));

  it("never lets a masked key through, however deep", () => {
    fc.assert(
      fc.property(fc.object({ key: fc.constantFrom("password", "a", "b"), maxDepth: 6 }), (value) => {
        const text = JSON.stringify(masked(["password"], value));
        expect(text.replaceAll('"password":"[redacted]"', "")).not.toContain('"password"');
      }),
    );
  });

  it("refuses a path that is none", () => {
    expect(() => createRedactor(["a[b"])).toThrow(RangeError);
  });
});
