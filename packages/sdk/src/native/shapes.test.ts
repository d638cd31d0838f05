import { expect, it, vi } from "vitest";
import { createShapes } from "./shapes.ts";

it.each<[string, readonly string[], readonly unknown[], string]>([
  [
    "names of all kinds",
    ["a", "b_2", "http.status-code"],
    [1, "two", null],
    '{"a":1,"b_2":"two","http.status-code":null}',
  ],
  ["a name that comes twice: the later value holds", ["a", "b", "a"], [1, 2, 3], '{"a":3,"b":2}'],
  [
    "words of the language",
    ["constructor", "return", "toString"],
    [1, 2, 3],
    '{"constructor":1,"return":2,"toString":3}',
  ],
])("an object has its fields in their order: %s", (_, names, values, expected) => {
  const shape = createShapes()(
    names.map((_, at) => at + 1),
    names,
  );
  const made = shape?.make(values);
  expect(JSON.stringify(made)).toBe(expected);
  expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
});

it.each([["__proto__"], ['a"]: 1, [`'], ["two words"], ["7"], [""], ["grün"], ["a\nb"]])(
  "no code is made with a name such as %j",
  (name) => {
    const compile = vi.fn();
    expect(createShapes(compile)([1, 2], ["a", name])).toBeUndefined();
    expect(compile).not.toHaveBeenCalled();
  },
);

it("where no code may be made there are no shapes, and it isn't tried again", () => {
  const compile = vi.fn(() => {
    throw new EvalError("Code generation from strings disallowed for this context");
  });
  const shapeOf = createShapes(compile);
  expect(shapeOf([1], ["a"])).toBeUndefined();
  expect(shapeOf([2], ["b"])).toBeUndefined();
  expect(compile).toHaveBeenCalledTimes(1);
});

it("the same fields are compiled once, and there is an end to it", () => {
  const compile = vi.fn(() => () => ({}));
  const shapeOf = createShapes(compile);
  for (let at = 0; at < 1_100; at++) {
    shapeOf([at], [`field_${at}`]);
    shapeOf([at], [`field_${at}`]);
  }
  expect(compile).toHaveBeenCalledTimes(1_000);
  expect(shapeOf([1], ["another"])).toBeUndefined();
});
