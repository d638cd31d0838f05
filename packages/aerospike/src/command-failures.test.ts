import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SpanStatusCode } from "@opentelemetry/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AerospikeClient } from "./testing/aerospike.ts";
import { COUNTING } from "./testing/counting.ts";
import {
  givenServer,
  type InstrumentedClient,
  startInstrumentedClient,
} from "./testing/instrumented-client.ts";
import { describeWithClient } from "./testing/official-client.ts";

const FORBIDDEN = ["ERR_FAIL_FORBIDDEN", "22"] as const;

/** How the span of a failed command tells it; a code has only what the server says. */
type Row = [operation: string, type: string, code: string | undefined, run: () => Promise<unknown>];

describeWithClient("the official client's commands that fail", (official) => {
  let of: InstrumentedClient;
  let client: AerospikeClient;
  let admin: AerospikeClient;
  let folder: string;

  // A real server isn't asked to fail, nor to change who may do what.
  describe.skipIf(givenServer !== undefined)("are told with the server's code", () => {
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "polylog-aerospike-"));
      await writeFile(join(folder, "fail-4.lua"), "");
      of = await startInstrumentedClient(official);
      client = of.client;
      // Passwords are only for clients that have one themselves.
      admin = await of.connect({ user: "admin", password: "admin" });
      await admin.createUser("Alice", "secret", ["read"]);
      await admin.createRole("reader", privileges());
      of.telemetry.takeSpans();
    });

    afterAll(async () => {
      admin?.close();
      await of?.stop();
      await rm(folder, { recursive: true });
    });

    const privileges = () => [
      new of.Aerospike.admin.Privilege(of.Aerospike.privilegeCode.READ, { namespace: "test" }),
    ];
    const indexOf = (index: string) => ({
      ...{ ns: "test", set: "users", bin: "n", index },
      datatype: of.Aerospike.indexDataType.NUMERIC,
    });
    const keyOf = (set: string) => new of.Aerospike.Key("test", set, "a");

    const rows: Row[] = [
      ["APPLY", "ERR_UDF", "100", () => client.apply(keyOf("fail-100"), COUNTING)],
      ["QUERY_APPLY", ...FORBIDDEN, () => client.query("test", "fail-22").apply("counting", "count")],
      [
        "QUERY_BACKGROUND",
        ...FORBIDDEN,
        () => client.query("test", "fail-22").background("counting", "count"),
      ],
      ["SCAN_BACKGROUND", ...FORBIDDEN, () => client.scan("test", "fail-22").background("counting", "count")],
      [
        "SCAN",
        ...FORBIDDEN,
        () => client.scan("test", "fail-22", { paginate: true }).results({ maxRecords: 2 }),
      ],
      ["TRUNCATE", ...FORBIDDEN, () => client.truncate("test", "fail-22", 0)],
      ["INDEX_CREATE", "ERR_INDEX_FOUND", "200", () => client.createIndex(indexOf("fail-200"))],
      ["INDEX_REMOVE", "ERR_INDEX_NOT_FOUND", "201", () => client.indexRemove("test", "fail-201")],
      ["UDF_REGISTER", "ERR_REQUEST_INVALID", "4", () => client.udfRegister(join(folder, "fail-4.lua"))],
      ["UDF_REMOVE", "ERR_REQUEST_INVALID", "4", () => client.udfRemove("none.lua")],
      ["SET_XDR_FILTER", "ERR_REQUEST_INVALID", "4", () => client.setXDRFilter(null, "fail-4", "test")],
      ["USER_CREATE", "USER_ALREADY_EXISTS", "61", () => admin.createUser("Alice", "secret", [])],
      ["USER_DROP", "INVALID_USER", "60", () => admin.dropUser("nobody")],
      ["SET_PASSWORD", "INVALID_USER", "60", () => admin.setPassword("nobody", "secret")],
      ["ROLE_GRANT", "INVALID_USER", "60", () => admin.grantRoles("nobody", ["write"])],
      ["QUERY_USER", "INVALID_USER", "60", () => admin.queryUser("nobody")],
      ["ROLE_CREATE", "ROLE_ALREADY_EXISTS", "71", () => admin.createRole("reader", privileges())],
      ["ROLE_DROP", "INVALID_ROLE", "70", () => admin.dropRole("none")],
      ["PRIVILEGE_GRANT", "INVALID_ROLE", "70", () => admin.grantPrivileges("none", privileges())],
      ["ROLE_SET_QUOTAS", "INVALID_ROLE", "70", () => admin.setQuotas("none", 1, 1)],
      ["QUERY_ROLE", "INVALID_ROLE", "70", () => admin.queryRole("none")],
      // These the client refuses by itself.
      ["UDF_REGISTER", "ERR_CLIENT", undefined, () => client.udfRegister(join(folder, "none.lua"))],
      ["CHANGE_PASSWORD", "ERR_PARAM", undefined, () => client.changePassword("Alice", "secret")],
    ];

    test.each(rows)("%s: %s, %s", async (operation, type, code, run) => {
      const error = await run().catch((error: unknown) => error);
      expect(error).toBeInstanceOf(Error);
      const [span, ...more] = of.telemetry.takeSpans();
      expect(more).toEqual([]);
      expect(span!.status).toEqual({ code: SpanStatusCode.ERROR, message: (error as Error).message });
      expect(span!.attributes).toMatchObject({ "db.operation.name": operation, "error.type": type });
      expect(span!.attributes["db.response.status_code"]).toBe(code);
    });
  });
});
