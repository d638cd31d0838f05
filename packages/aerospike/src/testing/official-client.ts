import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, test } from "vitest";
import type { AerospikeModule } from "./aerospike.ts";

const INSTALL = new URL("./client/install.mjs", import.meta.url).href;
const PROGRAM = `import { installClient } from ${JSON.stringify(INSTALL)}; console.log(await installClient())`;

/** The folder that programs find the official client from, and what loads it. */
export interface OfficialClient {
  readonly folder: string;
  load(): AerospikeModule;
}

/** Like `describe`, of what needs the official client. Where that can't be had, a test that is skipped says why. */
export function describeWithClient(name: string, body: (client: OfficialClient) => void): void {
  const found = findOfficialClient();
  describe(name, () => {
    if (typeof found === "string") test.skip(`nothing of it is tested: ${found}`, () => {});
    else body(found);
  });
}

/** The official client, installed when need be; or, in words, why it can't be had here. */
export function findOfficialClient(): OfficialClient | string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", PROGRAM], {
    encoding: "utf8",
  });
  const folder = stdout.trim();
  if (status !== 0) return `the Aerospike client can't be installed: ${stderr.trim()}`;
  // In a process of its own: the client must not be loaded here before it is instrumented.
  const trial = spawnSync(process.execPath, ["-e", 'require("aerospike")'], {
    cwd: folder,
    encoding: "utf8",
  });
  if (trial.status !== 0) {
    const { platform, arch, version } = process;
    return `the Aerospike client brings no binary for Node ${version} on ${platform}-${arch}: ${firstError(trial.stderr)}`;
  }
  const require = createRequire(join(folder, "package.json"));
  return { folder, load: () => require("aerospike") as AerospikeModule };
}

function firstError(stderr: string): string {
  return /^\S*Error: .*$/m.exec(stderr)?.[0] ?? stderr.trim();
}
