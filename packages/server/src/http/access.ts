import { createHash, timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";
import { isLoopback } from "../config/loopback.ts";

/**
 * Who may talk to the server.
 *
 * Without a token the server listens on loopback only, where two kinds of strangers can still reach it: a web page
 * whose name resolves to 127.0.0.1 (DNS rebinding), told by its `Host`, and a web page that posts across origins,
 * told by its `Origin`. Programs send neither.
 */

/** The host name in a `Host` header, without its port and brackets. */
function hostnameOf(hostHeader: string): string {
  return hostHeader.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
}

/** True when a request with this `Host` may be served by a server that has no token. */
export function isHostTrusted(hostHeader: string | undefined): boolean {
  if (hostHeader === undefined) return true;
  const name = hostnameOf(hostHeader);
  // A page can't make a browser send an IP address as Host unless it was opened by that address.
  return isLoopback(name) || isIP(name) !== 0;
}

/** True when a page of this `Origin` may send to the server: the server's own, and pages of this machine. */
export function isOriginTrusted(origin: string | undefined, hostHeader: string | undefined): boolean {
  if (origin === undefined) return true;
  try {
    const url = new URL(origin);
    return url.host === hostHeader || isLoopback(hostnameOf(url.host));
  } catch {
    return false;
  }
}

/**
 * The key that an `Authorization` header carries: as `Bearer KEY`, or as the password of `Basic`, which is what a
 * browser's own prompt sends.
 *
 * @example
 * keyOfAuthorization("Bearer secret"); // "secret"
 */
export function keyOfAuthorization(authorization: string | undefined): string | undefined {
  const [scheme, credentials] = (authorization ?? "").split(" ", 2);
  if (credentials === undefined) return undefined;
  switch (scheme?.toLowerCase()) {
    case "bearer":
      return credentials;
    case "basic":
      return passwordOfBasic(credentials);
    default:
      return undefined;
  }
}

/** The password in the credentials of `Basic`. Source: RFC 7617, section 2. */
export function passwordOfBasic(credentials: string): string {
  const decoded = Buffer.from(credentials, "base64").toString("utf8");
  return decoded.slice(decoded.indexOf(":") + 1);
}

/** Tells whether a key opens the server; every key does, and none, where it asks for none. */
export type KeyChecker = (key: string | undefined) => boolean;

/**
 * Compares keys with the server's token, in a time that tells nothing of it.
 *
 * @param token `null` when none is asked for
 * @example
 * keyChecker("secret")("secret"); // true
 */
export function keyChecker(token: string | null): KeyChecker {
  if (token === null) return () => true;
  const expected = digest(token);
  return (key) => key !== undefined && timingSafeEqual(digest(key), expected);
}

/**
 * Checks the key of an `Authorization` header.
 *
 * @example
 * tokenChecker("secret")("Bearer secret"); // true
 */
export function tokenChecker(token: string): (authorization: string | undefined) => boolean {
  const isKey = keyChecker(token);
  return (authorization) => isKey(keyOfAuthorization(authorization));
}

/** Digests have one length, so comparing them tells nothing of the token's. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
