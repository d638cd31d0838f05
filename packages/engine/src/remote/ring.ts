import type { ClickHouseClient } from "@clickhouse/client";
import { EngineError } from "../errors.ts";
import { signalWithin } from "../signal-within.ts";
import type { Viewer } from "../viewer.ts";
import type { Membership } from "./membership.ts";
import { closeNode, createNode, type Node, type NodeOptions } from "./node.ts";
import { type Probed, probe } from "./probe.ts";

/** What a look at all servers found. */
type Found =
  | {
      readonly kind: "answered";
      readonly url: string;
      readonly version: string;
      /** Those that don't answer, and why. */
      readonly away: ReadonlyMap<string, Error>;
    }
  /** None answers now. */
  | { readonly kind: "silent"; readonly error: Error }
  /** One answers, and refuses for good. */
  | { readonly kind: "final"; readonly error: Error };

/** The servers, of which one is active: the same one for as long as it answers. */
export interface Ring {
  readonly places: readonly Place[];
  /** Whether all servers that answer have it in their configuration. */
  isKnown(place: Place): boolean;
  active(): Node | null;
  /** The next one that answers: each in turn, so that they share the work of questions. */
  next(): Node | null;
  /** Probes each server, and makes another one active when the active one is silent. */
  look(signal: AbortSignal): Promise<Found>;
  /** Goes on to the next server that answered, without waiting for the next look. */
  passOver(client: ClickHouseClient | Viewer): void;
  close(): Promise<void>;
}

interface Place {
  readonly options: NodeOptions;
  node: Node;
  /** Null while it doesn't answer. */
  probed: Probed | null;
  /** As it was told last, also while it doesn't answer: what it holds it has then, too. */
  membership: Membership | null;
}

/** Milliseconds in which a server has to answer a probe. */
const PROBE_TIMEOUT = 5_000;

export function createRing(servers: readonly NodeOptions[]): Ring {
  const places: readonly Place[] = servers.map((options) => ({
    options,
    node: createNode(options),
    probed: null,
    membership: null,
  }));
  let position = 0;
  let turn = 0;

  /** How many shards those know of that answer. */
  const shardsKnown = (): readonly number[] =>
    places.filter(({ probed }) => probed !== null).map(({ membership }) => membership?.shards ?? 1);

  /** From one on, around. Those that know of fewer shards than others would leave them out, and not say so. */
  function answering(from: number): number {
    const most = Math.max(...shardsKnown());
    const steps = places.findIndex((_, step) => {
      const place = places[(from + step) % places.length];
      return place?.probed !== null && (place?.membership?.shards ?? 1) === most;
    });
    return steps === -1 ? -1 : (from + steps) % places.length;
  }

  function next(): Node | null {
    turn = answering(turn + 1);
    return places[turn]?.node ?? null;
  }

  async function look(signal: AbortSignal): Promise<Found> {
    const away = new Map<string, Error>();
    await Promise.all(
      places.map(async (place) => {
        const error = await lookAt(place, places.length, signal);
        if (error !== null) away.set(place.options.url, error);
      }),
    );
    const unnamed = shardsUnnamed(places);
    if (unnamed !== undefined) return { kind: "final", error: unnamed };
    const found = answering(position);
    const place = places[found];
    if (place !== undefined && place.probed !== null) {
      position = found;
      return { kind: "answered", url: place.options.url, version: place.probed.version, away };
    }
    const errors = [...away.values()];
    const final = errors.find((error) => error instanceof EngineError && isFinal(error));
    if (final !== undefined) return { kind: "final", error: final };
    return { kind: "silent", error: silence(errors) };
  }

  function passOver(client: ClickHouseClient | Viewer): void {
    const node = places[position]?.node;
    if (node?.everywhere !== client && node?.viewer !== client) return;
    const other = answering(position + 1);
    if (other !== -1) position = other;
  }

  return {
    places,
    isKnown: ({ membership }) => shardsKnown().every((shards) => (membership?.shard ?? 1) <= shards),
    active: () => (places[position]?.probed === null ? null : (places[position]?.node ?? null)),
    next,
    look,
    passOver,
    close: async () => {
      await Promise.all(places.map(({ node }) => closeNode(node)));
    },
  };
}

async function lookAt(place: Place, servers: number, signal: AbortSignal): Promise<Error | null> {
  const limited = signalWithin(PROBE_TIMEOUT, signal);
  try {
    const probed = await probe(place.node, place.options, limited);
    const shards = probed.membership?.shards ?? 1;
    if (shards > servers) throw tooFew(place.options, shards, servers);
    place.probed = probed;
    place.membership = probed.membership;
    return null;
  } catch (error) {
    // Whoever waits for an answer of a server that fell silent would wait for long.
    if (place.probed !== null) {
      const silent = place.node;
      place.node = createNode(place.options);
      void closeNode(silent);
    }
    place.probed = null;
    if (error instanceof EngineError) return error;
    const reason = limited.aborted ? `no answer within ${PROBE_TIMEOUT} ms` : messageOf(error);
    return new Error(`${place.options.url}: ${reason}`, { cause: error });
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // An error of several addresses has no message of its own.
  if (error instanceof AggregateError && error.message === "") return error.errors.map(messageOf).join(", ");
  return error.message.slice(0, 300);
}

const FINAL: ReadonlySet<string> = new Set(["POLYLOG_E_ENGINE_CREDENTIALS", "POLYLOG_E_ENGINE_REFUSED"]);

function isFinal(error: EngineError): boolean {
  return FINAL.has(error.code);
}

const NAME_ALL = "Give the addresses of all its nodes, comma-separated: --clickhouse-url";

function tooFew({ url, cluster }: NodeOptions, shards: number, servers: number): EngineError {
  const message = `${url} says that cluster "${cluster}" has ${shards} shards, and ${servers} nodes are named`;
  return new EngineError("POLYLOG_E_ENGINE_REFUSED", message, {
    remedy: NAME_ALL,
  });
}

/** Why the named nodes are not all of the cluster, though enough: known once each of them has told its shard. */
function shardsUnnamed(places: readonly Place[]): EngineError | undefined {
  const memberships = places.map(({ membership }) => membership);
  if (memberships.includes(null)) return undefined;
  const named = new Set(memberships.map((membership) => membership?.shard));
  const shards = Math.max(...memberships.map((membership) => membership?.shards ?? 0));
  const missing = Array.from({ length: shards }, (_, index) => index + 1).filter(
    (shard) => !named.has(shard),
  );
  if (missing.length === 0) return undefined;
  const [options] = places.map((place) => place.options);
  const message = `No node is named of shard ${missing.join(", ")} of cluster "${options?.cluster}"`;
  return new EngineError("POLYLOG_E_ENGINE_REFUSED", message, { remedy: NAME_ALL });
}

function silence(errors: readonly Error[]): EngineError {
  const message = `No ClickHouse server answers (${errors.map((error) => error.message).join("; ")})`;
  return new EngineError("POLYLOG_E_ENGINE_UNAVAILABLE", message, {
    cause: errors[0],
    remedy: "Check that the server runs and that the URL is right.",
  });
}
