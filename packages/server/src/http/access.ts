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
 * Checks the token of an `Authorization` header: as `Bearer TOKEN`, or as the password of `Basic`, which is what
 * a browser's own prompt sends.
 *
 * @example
 * tokenChecker("secret")("Bearer secret"); // true
 */
export function tokenChecker(token: string): (authorization: string | undefined) => boolean {
  const expected = digest(token);
  return (authorization) => {
    const [scheme, credentials] = (authorization ?? "").split(" ", 2);
    if (credentials === undefined) return false;
    switch (scheme?.toLowerCase()) {
      case "bearer":
        return timingSafeEqual(digest(credentials), expected);
      case "basic": {
        const decoded = Buffer.from(credentials, "base64").toString("utf8");
        return timingSafeEqual(digest(decoded.slice(decoded.indexOf(":") + 1)), expected);
      }
      default:
        return false;
    }
  };
}

/** Digests have one length, so comparing them tells nothing of the token's. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
