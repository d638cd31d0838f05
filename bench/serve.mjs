import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const POLYLOG = fileURLToPath(new URL("../packages/server/bin/polylog.js", import.meta.url));

/**
 * `polylog serve` in a process of its own, on free ports, ready.
 *
 * @param {readonly string[]} flags
 * @returns {Promise<{ address: string, pid: number, stop(): Promise<void> }>}
 */
export async function serve(flags) {
  const child = spawn(POLYLOG, ["serve", "--port", "0", "--grpc-port", "0", ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const address = await new Promise((resolve, reject) => {
    let printed = "";
    child.stdout.on("data", (chunk) => {
      printed += chunk;
      const found = /http:\/\/\S+:\d+/.exec(printed)?.[0];
      if (found !== undefined) resolve(found);
    });
    child.once("close", () => reject(new Error(`the server ended: ${printed}`)));
  });
  while (!(await fetch(`${address}/readyz`)).ok) await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    address,
    pid: child.pid,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}
