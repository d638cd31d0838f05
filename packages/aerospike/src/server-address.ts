import type { Client } from "./client.ts";

export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

const DEFAULT_PORT = 3000;

/**
 * The first of the hosts that a client was configured with: it tells nobody which node of the cluster served what.
 * Written `host:port` or, with TLS, `host:name:port`; IPv6 in brackets.
 *
 * @example
 * serverAddressOf({ config: { hosts: "10.0.0.1:3000,10.0.0.2:3000" } }); // { address: "10.0.0.1", port: 3000 }
 */
export function serverAddressOf({ config }: Client): ServerAddress | undefined {
  const fallback = config.port ?? DEFAULT_PORT;
  const { hosts } = config;
  if (typeof hosts === "string") return parse(hosts.split(",", 1)[0] ?? "", fallback);
  const first = hosts?.[0];
  return typeof first?.addr === "string" ? { address: first.addr, port: first.port ?? fallback } : undefined;
}

function parse(text: string, fallback: number): ServerAddress | undefined {
  const [, bracketed, plain, rest = ""] = /^\s*(?:\[([^\]]*)\]|([^:]*))(.*)$/.exec(text) ?? [];
  const address = bracketed ?? plain?.trim();
  if (!address) return undefined;
  const port = Number(rest.slice(rest.lastIndexOf(":") + 1));
  return { address, port: rest !== "" && Number.isInteger(port) && port > 0 ? port : fallback };
}
