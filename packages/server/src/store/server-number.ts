import type { EngineNode } from "@polylog/engine";
import { PolylogError } from "../errors.ts";
import { MOST_SERVERS } from "./id.ts";

/** One row for each time that a server said which number it has. On each node, the same. */
const SERVERS = `
CREATE TABLE IF NOT EXISTS servers (
  Number UInt16,
  Instance String,
  Seen DateTime('UTC') DEFAULT now()
)
ENGINE = ReplacingMergeTree(Seen)
ORDER BY (Number, Instance)
TTL Seen + INTERVAL 7 DAY`;

/** Hours after which a number is free that its server has not renewed. */
export const KEPT_HOURS = 48;
/** Two servers that start at once may both take another number than the one they wanted; soon they differ. */
const MOST_TRIES = 20;

interface Claim {
  readonly number: number;
  readonly instance: string;
}

export interface ClaimOptions {
  /** All that are configured, whether they answer or not. */
  readonly nodes: readonly EngineNode[];
  /** Names this server, over its restarts, among all that write to the store. */
  readonly instance: string;
  /** From 0 to below 1. @defaultValue `Math.random` */
  readonly random?: () => number;
}

/**
 * A number that no other server has who writes to the same nodes, so that ids differ. To be renewed while the server
 * runs, within {@link KEPT_HOURS}.
 *
 * ClickHouse has no compare-and-set. So a claim is first written to a majority of the nodes and then looked for on a
 * majority: of two servers that want the same number, the later one sees the claim of the other, as two majorities
 * have a node in common. It withdraws its claim then, so that the other keeps the number, and takes another one.
 *
 * Rejects with `POLYLOG_E_STORE_UNAVAILABLE` while no majority answers.
 */
export async function claimServerNumber(options: ClaimOptions): Promise<number> {
  const { nodes, instance, random = Math.random } = options;
  await onMajority(nodes, ({ client }) => client.command({ query: SERVERS }));
  const before = await readClaims(nodes);
  const isShared = (number: number, claims: readonly Claim[]): boolean =>
    claims.some((claim) => claim.number === number && claim.instance !== instance);
  const own = before.find((claim) => claim.instance === instance && !isShared(claim.number, before));
  let number = own?.number ?? firstFree(before);
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    await renewServerNumber(nodes, { number, instance });
    const claims = await readClaims(nodes);
    if (!isShared(number, claims)) return number;
    await withdrawServerNumber(nodes, { number, instance });
    number = anyFree(claims, random);
  }
  throw noNumber();
}

/** Says again that a server has its number. Rejects like {@link claimServerNumber}. */
export async function renewServerNumber(nodes: readonly EngineNode[], claim: Claim): Promise<void> {
  await onMajority(nodes, ({ client }) =>
    client.insert({
      table: "servers",
      values: [{ Number: claim.number, Instance: claim.instance }],
      format: "JSONEachRow",
    }),
  );
}

async function withdrawServerNumber(nodes: readonly EngineNode[], claim: Claim): Promise<void> {
  const query = "DELETE FROM servers WHERE Number = {number:UInt16} AND Instance = {instance:String}";
  await onMajority(nodes, ({ client }) => client.command({ query, query_params: { ...claim } }));
}

async function readClaims(nodes: readonly EngineNode[]): Promise<readonly Claim[]> {
  const answers = await onMajority(nodes, async ({ client }) => {
    const answer = await client.query({
      query: `
        SELECT Number AS number, Instance AS instance FROM servers
        WHERE Seen > now() - INTERVAL ${KEPT_HOURS} HOUR
        GROUP BY ALL ORDER BY ALL`,
      format: "JSONEachRow",
    });
    return answer.json<Claim>();
  });
  return answers.flat();
}

function firstFree(claims: readonly Claim[]): number {
  const taken = new Set(claims.map(({ number }) => number));
  for (let number = 0; number < MOST_SERVERS; number++) if (!taken.has(number)) return number;
  throw noNumber();
}

function anyFree(claims: readonly Claim[], random: () => number): number {
  const taken = new Set(claims.map(({ number }) => number));
  const free = Array.from({ length: MOST_SERVERS }, (_, number) => number).filter((one) => !taken.has(one));
  const one = free[Math.floor(random() * free.length)];
  if (one === undefined) throw noNumber();
  return one;
}

/** Does something on all nodes that answer; rejects when they are no majority of all. */
async function onMajority<T>(
  nodes: readonly EngineNode[],
  action: (node: EngineNode) => Promise<T>,
): Promise<readonly T[]> {
  const outcomes = await Promise.allSettled(nodes.map(action));
  const done = outcomes.filter((outcome) => outcome.status === "fulfilled");
  if (done.length > nodes.length / 2) return done.map(({ value }) => value);
  throw new PolylogError(
    "POLYLOG_E_STORE_UNAVAILABLE",
    `${done.length} of ${nodes.length} nodes answer; a server that starts needs more than half, to get its number.`,
    {
      cause: outcomes.find((outcome) => outcome.status === "rejected")?.reason,
      retryAfterSeconds: 2,
      remedy: "Start the others; this server goes on by itself then.",
    },
  );
}

function noNumber(): PolylogError {
  return new PolylogError("POLYLOG_E_CONFIG", `All ${MOST_SERVERS} numbers for servers are taken.`, {
    remedy: `Each is free again ${KEPT_HOURS} hours after its server was last there; delete rows of the table "servers" to have it sooner.`,
  });
}
