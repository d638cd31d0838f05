import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Running, runCommand, startCommand } from "./testing/run.ts";

let directory: string;
const running: Running[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-serve-"));
});
afterEach(async () => {
  for (const { process, ended } of running.splice(0)) {
    process.kill("SIGTERM");
    await ended;
  }
  await rm(directory, { recursive: true, force: true });
});

/** Starts a server and waits for its address. */
async function serve(...flags: string[]): Promise<{ server: Running; address: string }> {
  const server = startCommand(["serve", "--port", "0", "--grpc-port", "0", "--data", directory, ...flags]);
  running.push(server);
  const address = await expect
    .poll(() => /http:\S+/.exec(server.output.stdout)?.[0], { timeout: 15_000 })
    .toBeDefined()
    .then(() => /http:\S+/.exec(server.output.stdout)?.[0] ?? "");
  return { server, address };
}

describe("polylog serve", () => {
  it("greets with a command that sends a first log, which search then finds, and stops in order", async () => {
    const { server, address } = await serve();
    const [curl = ""] = /curl .*/.exec(server.output.stdout) ?? [];
    await expect.poll(async () => (await fetch(`${address}/readyz`)).ok, { timeout: 20_000 }).toBe(true);
    await promisify(execFile)("sh", ["-c", curl]);
    const found = await runCommand(["search", "--text", "service:demo", "hello", "--server", address]);
    expect(found.stdout).toMatch(/^\S+Z INFO {2}demo hello/);
    server.process.kill("SIGINT");
    const { code, stderr } = await server.ended;
    expect([code, stderr]).toEqual([0, "Stopping. Ctrl-C again stops at once.\n"]);
  });

  it("names the program that has its port", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    try {
      const words = ["serve", "--port", String(port), "--grpc-port", "off", "--data", directory];
      const { code, stdout, stderr } = await runCommand(words);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(`Port ${port} on 127.0.0.1 is in use`);
      expect(stderr).toContain("--port 0");
      if (process.platform === "linux") expect(stderr).toContain(`process ${process.pid}`);
    } finally {
      other.close();
    }
  });

  it("refuses a data directory that another server uses", async () => {
    await serve();
    const { code, stderr } = await runCommand([
      "serve",
      "--port",
      "0",
      "--grpc-port",
      "off",
      "--data",
      directory,
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^polylog: .*in use/m);
    expect(stderr).not.toContain("fault of Polylog");
  });

  it("refuses a data directory that is none", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    const { code, stderr } = await runCommand(["serve", "--port", "0", "--grpc-port", "off", "--data", file]);
    expect(code).toBe(2);
    expect(stderr).toContain(file);
    expect(stderr).not.toContain("fault of Polylog");
  });
});
