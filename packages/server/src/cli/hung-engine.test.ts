import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Running, startCommand } from "./testing/run.ts";

let directory: string;
let server: Running;
let address: string;
let enginePid: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-hung-"));
  server = startCommand(["serve", "--port", "0", "--grpc-port", "0", "--data", directory]);
  const found = () => /http:\S+/.exec(server.output.stdout)?.[0];
  await expect.poll(found, { timeout: 15_000 }).toBeDefined();
  address = found() ?? "";
  await expect
    .poll(async () => (await fetch(`${address}/readyz`)).ok, { timeout: 20_000, interval: 1 })
    .toBe(true);
  const { pid } = server.process;
  enginePid = Number(await readFile(`/proc/${pid}/task/${pid}/children`, "utf8"));
}, 40_000);
afterEach(async () => {
  // Goes with its parent, unless this test failed.
  server.process.kill("SIGKILL");
  await server.ended;
  if (isRunning()) process.kill(enginePid, "SIGKILL");
  await rm(directory, { recursive: true, force: true });
});

/** Whether the engine's process is there. */
function isRunning(): boolean {
  try {
    process.kill(enginePid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.runIf(process.platform === "linux")("a server whose engine hangs", () => {
  it("answers its senders, stops in order within its time, and takes the engine along", async () => {
    process.kill(enginePid, "SIGSTOP");
    const sent = fetch(`${address}/v1/jsonl`, { method: "POST", body: '{"message":"hello"}' });
    const answer = sent.then((response) => response.status);
    // Under way: the metrics count it.
    await expect
      .poll(async () => (await fetch(`${address}/metrics`)).text(), { timeout: 10_000 })
      .toMatch(/queued_requests [1-9]/);
    server.process.kill("SIGTERM");
    expect(await answer).toBe(503);
    const { code, stderr } = await server.ended;
    expect(stderr).not.toContain("has not stopped");
    expect(code).toBe(0);
    expect(isRunning()).toBe(false);
  }, 40_000);

  it("leaves no engine behind when it is ended at once", async () => {
    process.kill(enginePid, "SIGSTOP");
    server.process.kill("SIGINT");
    await expect.poll(() => server.output.stderr, { timeout: 10_000 }).toContain("Stopping.");
    server.process.kill("SIGINT");
    expect((await server.ended).code).toBe(130);
    await expect.poll(isRunning, { timeout: 5_000 }).toBe(false);
  }, 40_000);
});
