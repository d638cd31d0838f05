import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const MAIN = fileURLToPath(new URL("server/main.ts", import.meta.url));

/**
 * Starts the server of `server/` in a process of its own: the client blocks its thread while it connects.
 *
 * @returns {Promise<{ address: string, port: number, pid: number, stop(): Promise<void> }>}
 */
export async function startServerProcess() {
  const bundle = await rolldown({ input: MAIN, platform: "node", logLevel: "warn" });
  const { output } = await bundle.generate({ format: "esm" });
  const child = spawn(process.execPath, ["--input-type=module", "-e", output[0].code], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = await once(child.stdout, "data");
  return {
    address: "127.0.0.1",
    port: Number(line),
    pid: child.pid,
    async stop() {
      const exited = once(child, "exit");
      child.stdin.end();
      await exited;
    },
  };
}
