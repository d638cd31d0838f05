import type { TlsOptions } from "node:tls";
import type { ReceiverContext } from "../receiver.ts";
import type { ListenerLimits } from "./limits.ts";

export type Transport = "udp" | "tcp" | "tls";

/** A port that a receiver listens on. */
interface Endpoint {
  readonly transport: Transport;
  readonly port: number;
}

/** A receiver with ports of its own that listens. */
export interface NetworkReceiver {
  readonly endpoints: readonly Endpoint[];
  /** Takes no more, and settles what was taken; gives the rest up after `grace` milliseconds. */
  stop(grace: number): Promise<void>;
}

export interface NetworkReceiverOptions {
  /** Name or address to listen on. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Certificate and key; without them the receiver speaks in the clear. */
  readonly tls?: TlsOptions | undefined;
  /** What a sender has to know, where the protocol can carry it; null (the default) when nobody is asked. */
  readonly sharedKey?: string | null;
  readonly limits?: Partial<ListenerLimits>;
}

/**
 * Starts a receiver.
 *
 * Rejects with `POLYLOG_E_PORT_IN_USE`, or `POLYLOG_E_CONFIG` when it can't listen there for another reason.
 */
export type StartReceiver = (
  context: ReceiverContext,
  options: NetworkReceiverOptions,
) => Promise<NetworkReceiver>;
