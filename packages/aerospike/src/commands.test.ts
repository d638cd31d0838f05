import { createRequire } from "node:module";
import { join } from "node:path";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Command } from "./client.ts";
import { kindOf } from "./operation.ts";
import type { AerospikeClient, AerospikeKey } from "./testing/aerospike.ts";
import { COUNTING, MODULES } from "./testing/counting.ts";
import {
  givenServer,
  type InstrumentedClient,
  startInstrumentedClient,
} from "./testing/instrumented-client.ts";
import { describeWithClient } from "./testing/official-client.ts";

/** An operation's name, and how it is done to the key of a record that is there. */
type Row = [operation: string, run: (key: AerospikeKey) => Promise<unknown>];

describeWithClient("the official client's commands", (official) => {
  let of: InstrumentedClient;
  let set = 0;
  let key: AerospikeKey;
  let admin: AerospikeClient;

  beforeAll(async () => {
    of = await startInstrumentedClient(official);
  });

  afterAll(() => of?.stop());

  beforeEach(async () => {
    set++;
    key = new of.Aerospike.Key("test", `set${set}`, "a");
    await of.client.put(key, { s: "x", n: 1 });
    of.telemetry.takeSpans();
  });

  /** What every span has, and what it works on. */
  function expected(operation: string, namespace?: string, collection?: string) {
    const place = [namespace, collection].filter(Boolean).join(".");
    return {
      name: place === "" ? operation : `${operation} ${place}`,
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        "db.system.name": "aerospike",
        ...(namespace !== undefined && { "db.namespace": namespace }),
        ...(collection !== undefined && { "db.collection.name": collection }),
        "db.operation.name": operation,
        "server.address": of.address,
        "server.port": of.port,
      },
    };
  }

  function takeSpans() {
    return of.telemetry.takeSpans().map(({ name, kind, status, attributes }) => {
      const { "db.response.returned_rows": _rows, ...rest } = attributes;
      return { name, kind, status, attributes: rest };
    });
  }

  const ofRecords: Row[] = [
    ["PUT", (key) => of.client.put(key, { a: 1 })],
    ["GET", (key) => of.client.get(key)],
    ["SELECT", (key) => of.client.select(key, ["n"])],
    ["EXISTS", (key) => of.client.exists(key)],
    ["EXISTS", (key) => of.client.existsWithMetadata(key)],
    ["REMOVE", (key) => of.client.remove(key)],
    ["APPEND", (key) => of.client.append(key, { s: "!" })],
    ["PREPEND", (key) => of.client.prepend(key, { s: "!" })],
    ["INCREMENT", (key) => of.client.incr(key, { n: 1 })],
    ["INCREMENT", (key) => of.client.add(key, { n: 1 })],
    ["TOUCH", (key) => of.client.operate(key, [of.Aerospike.operations.touch(100)])],
    [
      "OPERATE",
      (key) =>
        of.client.operate(key, [of.Aerospike.operations.incr("n", 1), of.Aerospike.operations.read("n")]),
    ],
    ["BATCH_READ", (key) => of.client.batchRead([{ key, readAllBins: true }])],
    ["BATCH_GET", (key) => of.client.batchGet([key])],
    ["BATCH_EXISTS", (key) => of.client.batchExists([key])],
    ["BATCH_SELECT", (key) => of.client.batchSelect([key], ["n"])],
    [
      "BATCH_OPERATE",
      (key) =>
        of.client.batchWrite([
          { type: of.Aerospike.batchType.BATCH_WRITE, key, ops: [of.Aerospike.operations.write("n", 2)] },
        ]),
    ],
    ["BATCH_REMOVE", (key) => of.client.batchRemove([key])],
    ["QUERY", ({ ns, set }) => of.client.query(ns, set).results()],
    ["SCAN", ({ ns, set }) => of.client.scan(ns, set).results()],
    [
      "QUERY_BACKGROUND",
      ({ ns, set }) => of.client.query(ns, set).operate([of.Aerospike.operations.incr("n", 1)]),
    ],
    [
      "SCAN_BACKGROUND",
      ({ ns, set }) => of.client.scan(ns, set).operate([of.Aerospike.operations.incr("n", 1)]),
    ],
    ["TRUNCATE", ({ ns, set }) => of.client.truncate(ns, set, 0)],
  ];

  test.each(ofRecords)("%s has namespace and set", async (operation, run) => {
    await run(key);
    expect(takeSpans()).toEqual([expected(operation, "test", `set${set}`)]);
  });

  // A real server would need the function, and keep the index.
  const ofFunctionsAndIndexes: Row[] = [
    ["APPLY", (key) => of.client.apply(key, COUNTING)],
    ["BATCH_APPLY", (key) => of.client.batchApply([key], COUNTING)],
    ["QUERY_APPLY", ({ ns, set }) => of.client.query(ns, set).apply("counting", "count")],
    ["QUERY_BACKGROUND", ({ ns, set }) => of.client.query(ns, set).background("counting", "count")],
    ["SCAN_BACKGROUND", ({ ns, set }) => of.client.scan(ns, set).background("counting", "count")],
    [
      "INDEX_CREATE",
      ({ ns, set }) =>
        of.client.createIndex({
          ns,
          set,
          bin: "n",
          index: "by_n",
          datatype: of.Aerospike.indexDataType.NUMERIC,
        }),
    ],
  ];

  test.skipIf(givenServer !== undefined).each(ofFunctionsAndIndexes)(
    "%s has namespace and set, and needs a function or makes an index",
    async (operation, run) => {
      await run(key);
      expect(takeSpans()).toEqual([expected(operation, "test", `set${set}`)]);
    },
  );

  const ofNamespaces: Row[] = [
    ["INDEX_REMOVE", ({ ns }) => of.client.indexRemove(ns, "by_n")],
    ["SET_XDR_FILTER", ({ ns }) => of.client.setXDRFilter(null, "east", ns)],
  ];

  test.skipIf(givenServer !== undefined).each(ofNamespaces)("%s has a namespace", async (operation, run) => {
    await run(key);
    expect(takeSpans()).toEqual([expected(operation, "test")]);
  });

  const ofTheServer: Row[] = [
    ["INFO", () => of.client.info("namespaces", { addr: of.address, port: of.port })],
    ["INFO", () => of.client.infoAny("namespaces")],
    ["INFO", () => of.client.infoAll("namespaces")],
    ["INFO", () => of.client.infoNode("namespaces", of.client.getNodes()[0]!)],
    ["TRANSACTION_COMMIT", () => of.client.commit(new of.Aerospike.Transaction())],
    ["TRANSACTION_ABORT", () => of.client.abort(new of.Aerospike.Transaction())],
  ];

  test.each(ofTheServer)("%s has neither namespace nor set", async (operation, run) => {
    await run(key);
    expect(takeSpans()).toEqual([expected(operation)]);
  });

  test("JOB_INFO tells of work in the background", async () => {
    const { ns, set } = key;
    const job = await of.client.scan(ns, set).operate([of.Aerospike.operations.incr("n", 1)]);
    of.telemetry.takeSpans();
    await job.info();
    expect(takeSpans()).toEqual([expected("JOB_INFO")]);
  });

  describe.skipIf(givenServer !== undefined)("modules of functions", () => {
    test("are registered and removed", async () => {
      await of.client.udfRegister(join(MODULES, "counting.lua"));
      await of.client.udfRemove("counting.lua");
      expect(takeSpans()).toEqual([expected("UDF_REGISTER"), expected("UDF_REMOVE")]);
    });

    test("what one makes of a stream is one span, with the value that it comes to", async () => {
      const query = of.client.query(key.ns, key.set);
      expect(await query.apply("counting", "count")).toBe(1);
      query.udf = COUNTING;
      expect(await query.results()).toMatchObject([{ bins: 1 }]);
      const [applied, streamed, ...more] = of.telemetry.takeSpans();
      expect([applied!.name, streamed!.name, more]).toEqual([
        `QUERY_APPLY test.set${set}`,
        `QUERY test.set${set}`,
        [],
      ]);
      expect(streamed!.attributes["db.response.returned_rows"]).toBe(1);
    });
  });

  describe("pages", () => {
    beforeEach(async () => {
      for (const name of ["b", "c"])
        await of.client.put(new of.Aerospike.Key(key.ns, key.set, name), { n: 2 });
      of.telemetry.takeSpans();
    });

    const rowsOfSpans = () =>
      of.telemetry.takeSpans().map(({ name, attributes }) => [name, attributes["db.response.returned_rows"]]);

    test("of a query are a span each, that counts its own records", async () => {
      const query = of.client.query(key.ns, key.set);
      query.paginate = true;
      query.maxRecords = 2;
      const lengths = [(await query.results()).length];
      expect(query.hasNextPage()).toBe(true);
      lengths.push((await query.results()).length);
      expect(query.hasNextPage()).toBe(false);
      expect(lengths).toEqual([2, 1]);
      expect(rowsOfSpans()).toEqual([
        [`QUERY test.set${set}`, 2],
        [`QUERY test.set${set}`, 1],
      ]);
    });

    test("of a scan too", async () => {
      const scan = of.client.scan(key.ns, key.set, { paginate: true });
      const lengths = [(await scan.results({ maxRecords: 2 })).length];
      expect(scan.hasNextPage()).toBe(true);
      lengths.push((await scan.results({ maxRecords: 2 })).length);
      expect(scan.hasNextPage()).toBe(false);
      expect(lengths).toEqual([2, 1]);
      expect(rowsOfSpans()).toEqual([
        [`SCAN test.set${set}`, 2],
        [`SCAN test.set${set}`, 1],
      ]);
    });

    test.skipIf(givenServer !== undefined)("that fail end their span as failed", async () => {
      const query = of.client.query(key.ns, "fail-22");
      query.paginate = true;
      query.maxRecords = 2;
      await expect(query.results()).rejects.toMatchObject({ code: 22 });
      const [span, ...more] = of.telemetry.takeSpans();
      expect([span!.attributes["error.type"], more]).toEqual(["ERR_FAIL_FORBIDDEN", []]);
    });
  });

  const privileges = () => [
    new of.Aerospike.admin.Privilege(of.Aerospike.privilegeCode.READ, { namespace: "test" }),
  ];

  const ofUsersAndRoles: Row[] = [
    ["USER_CREATE", ({ set }) => admin.createUser(`${set}-new`, "secret", ["read"])],
    ["USER_CREATE_PKI", ({ set }) => admin.createPKIUser(`${set}-pki`, ["read"])],
    ["USER_DROP", ({ set }) => admin.dropUser(set)],
    ["SET_PASSWORD", ({ set }) => admin.setPassword(set, "secret")],
    ["CHANGE_PASSWORD", ({ set }) => admin.changePassword(set, "secret")],
    ["ROLE_GRANT", ({ set }) => admin.grantRoles(set, ["write"])],
    ["ROLE_REVOKE", ({ set }) => admin.revokeRoles(set, ["write"])],
    ["QUERY_USER", ({ set }) => admin.queryUser(set)],
    ["QUERY_USERS", () => admin.queryUsers()],
    ["ROLE_CREATE", ({ set }) => admin.createRole(`${set}-new`, privileges())],
    ["ROLE_DROP", ({ set }) => admin.dropRole(set)],
    ["PRIVILEGE_GRANT", ({ set }) => admin.grantPrivileges(set, privileges())],
    ["PRIVILEGE_REVOKE", ({ set }) => admin.revokePrivileges(set, privileges())],
    ["ROLE_SET_WHITELIST", ({ set }) => admin.setWhitelist(set, ["10.0.0.1"])],
    ["ROLE_SET_QUOTAS", ({ set }) => admin.setQuotas(set, 100, 100)],
    ["QUERY_ROLE", ({ set }) => admin.queryRole(set)],
    ["QUERY_ROLES", () => admin.queryRoles()],
  ];

  // Who may do what is not for a test to change on a real server.
  describe.skipIf(givenServer !== undefined)("users and roles", () => {
    // Passwords are only for clients that have one themselves.
    beforeAll(async () => {
      admin = await of.connect({ user: "admin", password: "admin" });
    });

    afterAll(() => admin?.close());

    beforeEach(async () => {
      await admin.createUser(key.set, "secret", ["read"]);
      await admin.createRole(key.set, privileges());
      of.telemetry.takeSpans();
    });

    test.each(ofUsersAndRoles)("%s tells neither whom nor any secret", async (operation, run) => {
      await run(key);
      expect(takeSpans()).toEqual([expected(operation)]);
    });
  });

  test("are all named here", () => {
    const classes = createRequire(join(official.folder, "package.json"))("aerospike/lib/commands/index.js");
    const operations = new Set(
      Object.values(classes as Record<string, { prototype: Command }>).flatMap(
        ({ prototype }) => kindOf(prototype.asCommand())?.operation ?? [],
      ),
    );
    const tables = [ofRecords, ofFunctionsAndIndexes, ofNamespaces, ofTheServer, ofUsersAndRoles];
    const named = new Set(tables.flat().map(([operation]) => operation));
    // These have tests of their own.
    for (const operation of ["UDF_REGISTER", "UDF_REMOVE", "JOB_INFO"]) named.add(operation);
    // And this is what an operate of one kind of step is called.
    for (const operation of ["APPEND", "PREPEND", "INCREMENT", "TOUCH"]) operations.add(operation);
    expect([...operations].sort()).toEqual([...named].sort());
  });
});
