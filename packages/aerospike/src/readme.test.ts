import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithClient } from "./testing/official-client.ts";
import { type ServerProcess, startServerProcess } from "./testing/server-process.mjs";

const execute = promisify(execFile);
const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const [traces = "", logs = ""] = [...README.matchAll(/```js\n(.*?)```/gs)].map(([, program]) => program);

describeWithClient("the README's programs", (official) => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess();
  });
  afterAll(() => server.stop());

  function run(program: string, flags: string[] = [], environment: NodeJS.ProcessEnv = {}) {
    const { folder } = official;
    const env = {
      ...process.env,
      AEROSPIKE_HOST: `${server.address}:${server.port}`,
      NO_COLOR: "1",
      ...environment,
    };
    return execute(process.execPath, ["--input-type=module", ...flags, "-e", program], { cwd: folder, env });
  }

  test("trace, and work as well where nobody collects", async () => {
    expect(await run(traces)).toEqual({ stdout: "", stderr: "" });
  });

  test("log what the client's C library says", async () => {
    const { stderr } = await run(`${logs}
      await Aerospike.connect({ hosts: "127.0.0.1:1" }).catch(() => {});
      // The client keeps a process that could not connect.
      Aerospike.releaseEventLoop();`);
    expect(stderr).toMatch(
      /^\S+ WARN {2}\[C\] aerospike\.as_cluster .*127\.0\.0\.1.* code\.file\.path=as_cluster\.c code\.line\.number=\d+ code\.function\.name=as_cluster_seed_node$/m,
    );
  });

  test("need nothing but @polylog/tracing for spans and Prometheus' metrics", async () => {
    const program = `
      import Aerospike from "aerospike";
      import { shutdownTracing, startMetricsServer } from "@polylog/tracing";
      const client = await Aerospike.connect({ hosts: process.env.AEROSPIKE_HOST });
      await client.put(new Aerospike.Key("test", "users", "user1"), { name: "Alice" });
      client.close();
      const { url } = await startMetricsServer(0);
      console.log(await (await fetch(url)).text());
      await shutdownTracing();`;
    const { stdout } = await run(program, ["--import", "@polylog/tracing/register"], {
      OTEL_TRACES_EXPORTER: "console",
    });
    expect(stdout).toContain("name: 'PUT test.users'");
    expect(stdout).toMatch(
      /^db_client_operation_duration_seconds_count\{[^}]*db_collection_name="users"[^}]*\} 1$/m,
    );
    expect(stdout).toMatch(/^db_client_operation_duration_seconds_bucket\{[^}]*le="0\.001"\} \d$/m);
  });
});
