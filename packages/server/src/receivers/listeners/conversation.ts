/** The other end of a connection, as a protocol sees it. */
export interface Peer {
  /** Its address without the port. */
  readonly address: string;
  /** Sends bytes; a peer that reads none of them is cut off. */
  send(bytes: Uint8Array): void;
  /** Ends the connection when what was sent before is out. */
  close(): void;
}

/** One connection, as a protocol keeps it up. */
export interface Conversation {
  /**
   * Takes the bytes that came. A promise means: no more until it resolves. The chunk's memory is reused by nobody.
   *
   * Throws or rejects with `POLYLOG_E_BAD_REQUEST` or `POLYLOG_E_TOO_LARGE` when what came is not the protocol;
   * the connection ends then, and the refusal is counted.
   */
  take(chunk: Buffer): void | Promise<void>;
  /** The peer has sent all, or the server stops: resolves when what was taken is settled and answered. */
  end(): void | Promise<void>;
  /** Bytes held of a message that is not complete. */
  readonly heldBytes: number;
  /** Messages completed so far: a peer that is in the middle of one for too long is told by it. */
  readonly completed: number;
}

/** Begins a conversation with a peer that has connected. */
export type Protocol = (peer: Peer) => Conversation;
