import { describe, expect, test } from "vitest";
import { createStepNames, kindOf } from "./operation.ts";

const key = { ns: "test", set: "users", key: "a" };
const NOWHERE = { namespace: undefined, set: undefined, batchSize: undefined };
const USERS = { namespace: "test", set: "users", batchSize: undefined };

describe("operations are named", () => {
  test.each([
    ["putAsync", "PUT"],
    ["removeAsync", "REMOVE"],
    ["batchRead", "BATCH_READ"],
    ["batchWrite", "BATCH_OPERATE"],
    ["queryAsync", "QUERY"],
    ["queryForeach", "QUERY"],
    ["scanPages", "SCAN"],
    ["infoForeach", "INFO"],
    ["udfRegister", "UDF_REGISTER"],
    ["setXDRFilter", "SET_XDR_FILTER"],
    ["userCreatePKI", "USER_CREATE_PKI"],
  ])("%s: %s", (native, operation) => {
    expect(kindOf(native)?.operation).toBe(operation);
  });

  test.each(["connect", "enableMetrics", "disableMetrics"])("%s: none, it asks nothing", (native) => {
    expect(kindOf(native)).toBeUndefined();
  });
});

describe("targets are found", () => {
  test.each([
    ["putAsync", [key, { a: 1 }], USERS],
    ["getAsync", [{ ns: "test", set: "" }], { ...USERS, set: undefined }],
    ["getAsync", [undefined], NOWHERE],
    ["getAsync", [null], NOWHERE],
    ["getAsync", ["no key"], NOWHERE],
    ["batchGet", [[key, key]], { ...USERS, batchSize: 2 }],
    ["batchWrite", [[{ key }, { key }, { key }]], { ...USERS, batchSize: 3 }],
    ["batchGet", [[key, { ...key, set: "other" }, key]], { ...USERS, set: undefined, batchSize: 3 }],
    ["batchGet", [[key, { ...key, ns: "other" }, key]], { ...NOWHERE, batchSize: 3 }],
    ["batchGet", [[key, null]], { ...NOWHERE, batchSize: 2 }],
    ["batchGet", [[]], { ...NOWHERE, batchSize: 0 }],
    ["batchGet", [undefined], NOWHERE],
    ["queryAsync", ["test", "users", {}], USERS],
    ["scanBackground", ["test", null, {}], { ...USERS, set: undefined }],
    ["truncate", ["test", "users", 0], USERS],
    ["indexCreate", ["test", "users", "bin"], USERS],
    ["indexRemove", ["test", "index"], { ...USERS, set: undefined }],
    ["setXDRFilter", [null, "east", "test"], { ...USERS, set: undefined }],
    ["infoAny", ["namespaces"], NOWHERE],
    ["queryRole", ["admin"], NOWHERE],
  ])("%s of %j", (native, args, target) => {
    expect(kindOf(native)!.targetOf(args)).toEqual(target);
  });
});

describe("steps name an operate", () => {
  const stepNameOf = createStepNames({
    append: () => ({ op: 4 }),
    prepend: () => ({ op: 3 }),
    incr: () => ({ op: 2 }),
    touch: () => ({ op: 5 }),
  });
  const ofCodes = (...codes: number[]) => stepNameOf([key, codes.map((op) => ({ op }))]);

  test("where all are of one kind that has a name", () => {
    expect([ofCodes(4), ofCodes(3, 3), ofCodes(2), ofCodes(5)]).toEqual([
      "APPEND",
      "PREPEND",
      "INCREMENT",
      "TOUCH",
    ]);
  });

  test("and not otherwise", () => {
    expect([
      ofCodes(),
      ofCodes(1),
      ofCodes(2, 5),
      stepNameOf([key, "steps"]),
      stepNameOf([key, [null]]),
    ]).toEqual(Array.from({ length: 5 }));
  });
});
