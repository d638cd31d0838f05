/** What the peers of one listener may take of the server. */
export interface ListenerLimits {
  /** Connections at a time. */
  readonly connections: number;
  /** Bytes that all of them together may hold of messages that are not complete. */
  readonly heldBytes: number;
  /** Milliseconds in which a peer that is in the middle of a message has to complete one or send `slowBytes`. */
  readonly slowAfter: number;
  /** Bytes that a large message on a slow line has to come on by meanwhile. */
  readonly slowBytes: number;
  /** Milliseconds after which a peer that says nothing may be cut off for one that wants to come in. */
  readonly idleAfter: number;
  /** Bytes of answers that a peer may leave unread. */
  readonly unreadBytes: number;
}

export const DEFAULT_LISTENER_LIMITS: ListenerLimits = {
  connections: 4096,
  heldBytes: 128 << 20,
  slowAfter: 60_000,
  slowBytes: 16 << 10,
  idleAfter: 60_000,
  unreadBytes: 1 << 20,
};
