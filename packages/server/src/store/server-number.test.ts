import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { identifyServer } from "./server-identity.ts";
import { claimServerNumber } from "./server-number.ts";
import { openTestStore, silentLog, type TestStore } from "./testing/store.ts";

let test: TestStore;
let directory: string;
beforeAll(async () => {
  test = await openTestStore();
  directory = await mkdtemp(join(tmpdir(), "polylog-identity-"));
});
afterAll(async () => {
  await test.close();
  await rm(directory, { recursive: true, force: true });
});

describe("the numbers of servers", () => {
  it("differ when many start at once, and stay theirs", async () => {
    const { nodes } = test.engine;
    const instances = Array.from({ length: 8 }, (_, index) => `server ${index}`);
    const numbers = await Promise.all(instances.map((instance) => claimServerNumber({ nodes, instance })));
    expect(new Set(numbers).size).toBe(instances.length);
    for (const [index, instance] of instances.entries()) {
      expect(await claimServerNumber({ nodes, instance })).toBe(numbers[index]);
    }
  });

  it("need more than half of the nodes", async () => {
    const [node] = test.engine.nodes;
    if (node === undefined) throw new Error("there is no node");
    const client = { ...node.client, command: () => Promise.reject(new Error("away")) };
    const away = { ...node, client: client as unknown as typeof node.client };
    await expect(claimServerNumber({ nodes: [node, away], instance: "new" })).rejects.toMatchObject({
      code: "POLYLOG_E_STORE_UNAVAILABLE",
      message: expect.stringMatching(/^1 of 2 nodes/),
    });
  });

  it("are waited for until the server is stopped", async () => {
    const stopping = new AbortController();
    const options = { nodes: [], directory: join(directory, "new"), log: silentLog, clock: Date.now };
    const waiting = identifyServer({ ...options, signal: stopping.signal });
    stopping.abort(new Error("stopped"));
    await expect(waiting).rejects.toThrow("stopped");
  });

  it("are kept with the data of a server, which starts again without asking", async () => {
    const { signal } = new AbortController();
    const options = { nodes: test.engine.nodes, directory, log: silentLog, clock: Date.now, signal };
    const first = await identifyServer(options);
    first.stop();
    const again = await identifyServer({ ...options, nodes: [] });
    again.stop();
    expect(again.number).toBe(first.number);
  });
});
