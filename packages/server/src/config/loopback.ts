import { isIP } from "node:net";

/**
 * Whether only programs on this machine can reach a listener on the host.
 *
 * Source: RFC 1122 section 3.2.1.3 (127.0.0.0/8), RFC 4291 section 2.5.3 (::1), RFC 6761 section 6.3 (localhost).
 */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$/g, "");
  switch (isIP(name)) {
    case 4:
      return name.startsWith("127.");
    case 6:
      return name === "::1" || name === "0:0:0:0:0:0:0:1" || name.startsWith("::ffff:127.");
    default:
      return name === "localhost" || name.endsWith(".localhost");
  }
}
