import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, it } from "vitest";
import { poll } from "./poll.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** The engine killed under a server that is taking records in: it says so, comes back, and nothing is lost. */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

function enginePid(): number {
  const children = readFileSync(`/proc/${server.child.pid}/task/${server.child.pid}/children`, "utf8");
  const pid = children.trim().split(/\s+/).map(Number)[0];
  if (!pid) throw new Error("the server has no child");
  return pid;
}

/** Sends record after record, each in a request of its own, as a client would: again after a 429 or 503. */
async function send(ids: readonly number[]): Promise<void> {
  for (const id of ids) {
    await poll(`record ${id} is acknowledged`, async () => {
      const body = JSON.stringify({ level: "info", message: "through the crash", crash: "yes", n: id });
      const response = await fetch(`${server.address}/v1/jsonl`, { method: "POST", body });
      await response.arrayBuffer();
      return response.status === 200;
    });
  }
}

it("is said on /readyz, and what was acknowledged before, during and after is found", async () => {
  const restarts = async (): Promise<number> => {
    const text = await (await fetch(`${server.address}/metrics`)).text();
    return Number(/^polylog_engine_restarts_total (\d+)/m.exec(text)?.[1]);
  };
  await send(Array.from({ length: 20 }, (_, i) => i));

  let isWriting = true;
  const writing = (async () => {
    let next = 20;
    while (isWriting) await send([next++]);
    return next;
  })();
  for (let round = 1; round <= 3; round++) {
    const seen: { status: number; body: { ready: boolean; engine: string } }[] = [];
    const old = enginePid();
    process.kill(old, "SIGKILL");
    await poll("/readyz tells of it", async () => {
      const response = await fetch(`${server.address}/readyz`);
      seen.push({ status: response.status, body: await response.json() });
      return response.status === 503;
    });
    expect(seen.at(-1)?.body).toMatchObject({ ready: false, engine: "restarting" });
    await poll("it is ready again", async () => (await fetch(`${server.address}/readyz`)).ok);
    expect(enginePid()).not.toBe(old);
    expect(await restarts()).toBe(round);
  }
  isWriting = false;
  const count = await writing;

  // What was acknowledged by the spool is found once it is replayed.
  const found = await poll("all of it is found", async () => {
    const { rows } = await server.search("crash:yes", { limit: "10000", order: "asc" });
    const ids = new Set(rows.map((row) => Number(row.attributes.n)));
    return ids.size >= count && [...ids];
  });
  expect(found.sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
});

it("keeps its records over an orderly stop", async () => {
  const before = (await server.search("crash:yes", { limit: "10000" })).rows.length;
  expect(before).toBeGreaterThan(20);
  expect(await server.stop({ keepData: true })).toBe(0);
  server = await startServerProcess({ dataDirectory: server.dataDirectory });
  expect((await server.search("crash:yes", { limit: "10000" })).rows).toHaveLength(before);
});
