import type { ClickHouseClient } from "@clickhouse/client";
import { EngineError } from "../errors.ts";
import { closeNode, createNode, type Node, type NodeOptions } from "./node.ts";
import { probe } from "./probe.ts";

/** What a look at all servers found. */
type Found =
  | { readonly kind: "answered"; readonly url: string; readonly version: string }
  /** None answers now. */
  | { readonly kind: "silent"; readonly error: Error }
  /** One answers, and refuses for good. */
  | { readonly kind: "final"; readonly error: Error };

/** The servers, of which one is active: the same one for as long as it answers, so that retries meet their first try. */
export interface Ring {
  active(): Node | null;
  /** Probes each server, and makes another one active when the active one is silent. */
  look(signal: AbortSignal): Promise<Found>;
  /** Goes on to the next server that answered, without waiting for the next look. */
  passOver(client: ClickHouseClient): void;
  close(): Promise<void>;
}

interface Place {
  readonly options: NodeOptions;
  node: Node;
  version: string | null;
}

/** Milliseconds in which a server has to answer a probe. */
const PROBE_TIMEOUT = 5_000;

export function createRing(servers: readonly NodeOptions[]): Ring {
  const places: readonly Place[] = servers.map((options) => ({
    options,
    node: createNode(options),
    version: null,
  }));
  let position = 0;

  /** From the active one on, around. */
  function answering(): number {
    const steps = places.findIndex((_, step) => places[(position + step) % places.length]?.version !== null);
    return steps === -1 ? -1 : (position + steps) % places.length;
  }

  async function look(signal: AbortSignal): Promise<Found> {
    const errors = await Promise.all(places.map((place) => lookAt(place, signal)));
    const next = answering();
    const place = places[next];
    if (place !== undefined && place.version !== null) {
      position = next;
      return { kind: "answered", url: place.options.url, version: place.version };
    }
    const final = errors.find((error) => error instanceof EngineError && isFinal(error));
    if (final !== undefined && final !== null) return { kind: "final", error: final };
    return { kind: "silent", error: silence(errors.filter((error) => error !== null)) };
  }

  function passOver(client: ClickHouseClient): void {
    const node = places[position]?.node;
    if (node?.client !== client && node?.viewer !== client) return;
    const before = position;
    position = (position + 1) % places.length;
    const next = answering();
    position = next === -1 ? before : next;
  }

  return {
    active: () => (places[position]?.version === null ? null : (places[position]?.node ?? null)),
    look,
    passOver,
    close: async () => {
      await Promise.all(places.map(({ node }) => closeNode(node)));
    },
  };
}

async function lookAt(place: Place, signal: AbortSignal): Promise<Error | null> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(PROBE_TIMEOUT)]);
  try {
    place.version = await probe(place.node, place.options.database, limited);
    return null;
  } catch (error) {
    // Whoever waits for an answer of a server that fell silent would wait for long.
    if (place.version !== null) {
      const silent = place.node;
      place.node = createNode(place.options);
      void closeNode(silent);
    }
    place.version = null;
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

function silence(errors: readonly Error[]): EngineError {
  const message = `No ClickHouse server answers (${errors.map((error) => error.message).join("; ")})`;
  return new EngineError("POLYLOG_E_ENGINE_UNAVAILABLE", message, {
    cause: errors[0],
    remedy: "Check that the server runs and that the URL is right.",
  });
}
