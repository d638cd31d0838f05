import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { hostname } from "node:os";
import { encode } from "@msgpack/msgpack";
import { decodeRaw } from "./message-pack.ts";

/** What a server that asks for the shared key sends first, and how it judges the answer. */
export interface Handshake {
  readonly helo: Uint8Array;
  /** Reads the peer's PING and makes the PONG. */
  answer(ping: Uint8Array): { readonly isAllowed: boolean; readonly pong: Uint8Array };
}

/** Fluent's senders refuse a server that has their own name. */
const SERVER_NAME = `polylog.${hostname()}`;

/**
 * A handshake with one peer: the key itself is never sent, only digests of it with a nonce of ours and a salt of
 * theirs.
 *
 * Source: Forward protocol v1, "Handshake Messages".
 */
export function createHandshake(sharedKey: string): Handshake {
  const nonce = randomBytes(16);
  return {
    helo: encode(["HELO", { nonce, auth: "", keepalive: true }]),
    answer(bytes) {
      const ping = readPing(bytes);
      if (ping === undefined) return refused("no PING came");
      const { host, salt, digest } = ping;
      const expected = digestOf(salt, host, nonce, sharedKey);
      const isAllowed = digest.length === expected.length && timingSafeEqual(digest, expected);
      if (!isAllowed) return refused("shared_key mismatch");
      const own = digestOf(salt, Buffer.from(SERVER_NAME), nonce, sharedKey).toString();
      return { isAllowed, pong: encode(["PONG", true, "", SERVER_NAME, own]) };
    },
  };
}

function refused(reason: string): { isAllowed: false; pong: Uint8Array } {
  return { isAllowed: false, pong: encode(["PONG", false, reason, SERVER_NAME, ""]) };
}

function readPing(bytes: Uint8Array): { host: Uint8Array; salt: Uint8Array; digest: Uint8Array } | undefined {
  const ping = decodeRaw(bytes);
  if (!Array.isArray(ping) || ping.length < 4) return undefined;
  const [kind, host, salt, digest] = ping as unknown[];
  const areBytes = [kind, host, salt, digest].every((part) => part instanceof Uint8Array);
  if (!areBytes || Buffer.from(kind as Uint8Array).toString() !== "PING") return undefined;
  return { host: host as Uint8Array, salt: salt as Uint8Array, digest: digest as Uint8Array };
}

/** Of hex digits, as they are sent. */
function digestOf(salt: Uint8Array, host: Uint8Array, nonce: Uint8Array, sharedKey: string): Buffer {
  const hash = createHash("sha512").update(salt).update(host).update(nonce).update(sharedKey);
  return Buffer.from(hash.digest("hex"));
}
