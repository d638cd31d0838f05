import { expect } from "vitest";
import type { SearchResponse, StatusResponse } from "../../packages/server/src/contract/index.ts";
import { poll } from "../poll.ts";
import { type ServerProcess, startServerProcess } from "../server-process.ts";

export type Row = SearchResponse["rows"][number];

/** How many records each client sends. */
export const RECORDS = 10_000;

/** A whole server with receivers that have ports of their own. */
export interface NetworkServer extends ServerProcess {
  portOf(receiver: string, transport: "udp" | "tcp" | "tls"): number;
  /**
   * The records that a query finds, by the number in their text, when there are as many as were sent; each has to be
   * there once.
   */
  found(query: string, count?: number): Promise<ReadonlyMap<number, Row>>;
}

export async function startNetworkServer(
  receivers: string,
  flags: readonly string[] = [],
): Promise<NetworkServer> {
  const server = await startServerProcess({ flags: ["--receivers", receivers, ...flags] });
  const status = (await (await fetch(`${server.address}/api/v1/status`)).json()) as StatusResponse;
  return {
    ...server,
    portOf(receiver, transport) {
      const endpoint = status.endpoints.receivers?.find(
        (each) => each.receiver === receiver && each.transport === transport,
      );
      if (endpoint === undefined) throw new Error(`${receiver} doesn't listen by ${transport}`);
      return Number(endpoint.address.slice(endpoint.address.lastIndexOf(":") + 1));
    },
    async found(query, count = RECORDS) {
      const rows = await poll(
        `${count} records for ${query}`,
        async () => {
          const { rows } = await server.search(query, { limit: "10000" });
          if (rows.length < count) throw new Error(`${rows.length} are there`);
          return rows;
        },
        30_000,
      );
      const byNumber = new Map(rows.map((row) => [numberIn(row.body), row]));
      expect([rows.length, byNumber.size]).toEqual([count, count]);
      expect([Math.min(...byNumber.keys()), Math.max(...byNumber.keys())]).toEqual([0, count - 1]);
      return byNumber;
    },
  };
}

/** The text of a record by its number. */
export function textOf(number: number): string {
  return `order ${number} is späť`;
}

function numberIn(body: string): number {
  return Number(/order (\d+)/.exec(body)?.[1] ?? Number.NaN);
}

/** Milliseconds since 1970 of a row's time. */
export function timeOf(row: Row | undefined): number {
  return Date.parse((row?.timestamp ?? "").replace(/(\.\d{3})\d*Z$/, "$1Z"));
}
