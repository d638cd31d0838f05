import { createHash, randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import type { Credentials } from "../client.ts";
import { quoteIdentifier } from "../identifier.ts";
import { configurationXml } from "./xml.ts";

/** The two users who log in over HTTP. */
export interface Users {
  readonly server: Credentials;
  readonly viewer: Credentials;
}

/** Users with passwords that nobody has seen. */
export function createUsers(): Users {
  return {
    server: { username: "polylog", password: randomBytes(32).toString("base64url") },
    viewer: { username: "polylog_viewer", password: randomBytes(32).toString("base64url") },
  };
}

export interface UsersOptions {
  readonly users: Users;
  /** What the viewer may read. */
  readonly databases: readonly string[];
  /** Whether it asks other nodes. */
  readonly isNode?: boolean;
  /** What the server's user may do; everything when left out. */
  readonly serverGrants?: readonly string[] | undefined;
  /** Bytes that one query of the viewer may take, and all of them together twice that. */
  readonly viewerMemoryBytes: number;
}

/** Seconds that a query of the viewer may run. */
const VIEWER_EXECUTION_SECONDS = 60;

/**
 * ClickHouse asks other nodes in fibers, stacks of their own. When one of these nodes is killed meanwhile, the error is
 * thrown in a fiber, and this build ends with it now and then: seen in one of two tests.
 */
const WITHOUT_FIBERS = {
  async_socket_for_remote: 0,
  async_query_sending_for_remote: 0,
  use_hedged_requests: 0,
};

/**
 * The users file.
 *
 * `default` is the engine's own shell: it can't have a password and arrives from 127.0.0.1. It may do nothing but
 * what the shell does, and no HTTP request reaches it (see the handlers in the configuration).
 */
export function usersXml(options: UsersOptions): string {
  const { users, databases, isNode = false, serverGrants, viewerMemoryBytes } = options;
  const everybody = { networks: { ip: "127.0.0.1" }, quota: "default" };
  const common = isNode ? WITHOUT_FIBERS : {};
  return configurationXml({
    profiles: { default: common, polylog_viewer: { ...common, ...viewerProfile(viewerMemoryBytes, isNode) } },
    quotas: { default: {} },
    users: {
      default: {
        ...everybody,
        no_password: "",
        profile: "default",
        grants: {
          query: ["GRANT SYSTEM LISTEN ON *.*", "GRANT CREATE TEMPORARY TABLE ON *.*", "GRANT READ ON FILE"],
        },
      },
      [users.server.username]: {
        ...everybody,
        password_sha256_hex: sha256(users.server.password),
        profile: "default",
        ...(serverGrants && { grants: { query: serverGrants } }),
      },
      [users.viewer.username]: {
        ...everybody,
        password_sha256_hex: sha256(users.viewer.password),
        profile: "polylog_viewer",
        grants: { query: databases.map((name) => `GRANT SELECT ON ${quoteIdentifier(name)}.*`) },
      },
    },
  });
}

/**
 * Limits that a query can lower but not raise; 0, which would mean none, is refused as well. But not by a node: it is asked
 * for one side of a join by another node, which sets no limit to what comes of that.
 */
function viewerProfile(memoryBytes: number, isNode: boolean) {
  const limits = {
    max_execution_time: VIEWER_EXECUTION_SECONDS,
    max_memory_usage: memoryBytes,
    max_result_rows: 1_000_000,
    max_result_bytes: 1 << 30,
    max_temporary_data_on_disk_size_for_query: 1 << 30,
  };
  const fixed = {
    allow_ddl: 0,
    allow_introspection_functions: 0,
    max_memory_usage_for_user: 2 * memoryBytes,
    max_concurrent_queries_for_user: 64,
    max_temporary_data_on_disk_size_for_user: 4 * (1 << 30),
  };
  return {
    // 2: reads only, but settings may be changed, within the constraints.
    readonly: 2,
    ...limits,
    ...fixed,
    constraints: {
      ...Object.fromEntries(
        Object.entries(limits).map(([name, max]) => [name, { min: isNode ? 0 : 1, max }]),
      ),
      // By itself it is the number of cores.
      max_threads: { min: 1, max: availableParallelism() },
      ...Object.fromEntries(Object.keys(fixed).map((name) => [name, { const: "" }])),
    },
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
