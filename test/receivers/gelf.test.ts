import { promisify } from "node:util";
import gelfProModule from "gelf-pro";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NetworkServer, RECORDS, startNetworkServer, textOf, timeOf } from "./network-server.ts";

/** gelf-pro against the whole server: what it sends is found, in full. */
interface GelfPro {
  setConfig(options: Readonly<Record<string, unknown>>): GelfPro;
  message(text: string, level: number, extra: object, done: (error?: Error) => void): void;
}

/** Its type is a singleton's; each client needs one of its own. */
const { create } = Object;
const gelfPro = gelfProModule as unknown as GelfPro;

/** Messages under way at a time: it opens a connection for each over TCP. */
const AT_ONCE = 64;

let server: NetworkServer;

beforeAll(async () => {
  server = await startNetworkServer("gelf:0");
});
afterAll(() => server?.stop());

async function sendAll(client: GelfPro, facility: string, text = textOf): Promise<void> {
  const send = promisify((i: number, done: (error?: Error) => void) => {
    const order = { id: i, tags: ["a", "b"] };
    client.message(text(i), 4, { service: facility, order, user_id: `u${i}` }, (error) => done(error));
  });
  let next = 0;
  const sender = async () => {
    for (let i = next++; i < RECORDS; i = next++) await send(i);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sender));
}

describe("gelf-pro", () => {
  it.each([
    ["UDP, plain", "udp", { protocol: "udp4" }, textOf],
    [
      "UDP, compressed and in chunks",
      "udp",
      { protocol: "udp4", deflate: "always" },
      (i: number) => `${textOf(i)} ${noise(3000, i)}`,
    ],
    ["TCP", "tcp", {}, textOf],
  ] as const)("over %s", async (name, transport, options, text) => {
    const service = `gelf-${name.replace(/\W+/g, "-")}`;
    const client = (create(gelfPro) as GelfPro).setConfig({
      adapterName: transport,
      adapterOptions: { host: "127.0.0.1", port: server.portOf("gelf", transport), ...options },
      fields: { region: "north" },
    });
    const before = Date.now();
    await sendAll(client, service, text);
    const rows = await server.found(`service:${service}`);
    for (const [number, row] of rows) {
      expect([row.body, row.attributes.user_id]).toEqual([text(number), `u${number}`]);
    }
    expect(rows.get(42)).toMatchObject({
      ...{ level: "warn", receiver: "gelf", host: expect.stringMatching(/\w/) },
      attributes: { region: "north", order_id: "42" },
    });
    expect(timeOf(rows.get(42))).toBeGreaterThanOrEqual(before - 1);
    expect(timeOf(rows.get(42))).toBeLessThanOrEqual(Date.now());
  });
});

/** Letters that hardly compress, the same for the same seed. */
function noise(length: number, seed: number): string {
  let state = seed + 1;
  let text = "";
  while (text.length < length) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += String.fromCharCode(97 + ((state >> 8) % 26));
  }
  return text;
}
