import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NetworkServer, RECORDS, startNetworkServer, textOf, timeOf } from "./network-server.ts";
import { connectScribe } from "./scribe-client.ts";

/** npm's thrift against the whole server: what it sends is found, in full. */
let server: NetworkServer;
beforeAll(async () => {
  server = await startNetworkServer("scribe:0");
});
afterAll(() => server?.stop());

const CALL = 500;
const START = Date.UTC(2026, 10, 21, 10);

describe.each(["framed", "buffered"] as const)("thrift, %s", (transport) => {
  it.each<[what: string, messageOf: (i: number) => string, isStructured: boolean]>([
    ["texts", (i) => `${textOf(i)}\n`, false],
    [
      "JSON",
      (i) =>
        JSON.stringify({
          time: new Date(START + i).toISOString(),
          level: "warn",
          msg: textOf(i),
          order: { id: i },
        }),
      true,
    ],
  ])("sends %s", async (what, messageOf, isStructured) => {
    const category = `scribe-${transport}-${what}`;
    const before = Date.now();
    const connection = connectScribe(server.portOf("scribe", "tcp"), transport);
    const results: Promise<number>[] = [];
    for (let first = 0; first < RECORDS; first += CALL) {
      const entries = Array.from({ length: CALL }, (_, i) => ({ category, message: messageOf(first + i) }));
      results.push(connection.log(entries));
    }
    expect(new Set(await Promise.all(results))).toEqual(new Set([0]));
    connection.end();

    const rows = await server.found(`logger:${category}`);
    for (const [number, row] of rows) expect(row.body).toBe(textOf(number));
    const row = rows.get(42);
    expect(row).toMatchObject({
      logger: category,
      receiver: "scribe",
      attributes: { "scribe.category": category },
    });
    if (isStructured) {
      expect(row).toMatchObject({ level: "warn", attributes: { "order.id": "42" } });
      expect(timeOf(row)).toBe(START + 42);
    } else {
      expect(timeOf(row)).toBeGreaterThanOrEqual(before);
      expect(timeOf(row)).toBeLessThanOrEqual(Date.now());
    }
  });
});
