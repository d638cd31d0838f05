import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CapturingIntake, capturingIntake, receiverContext } from "../../testing/capturing-intake.ts";
import { registerOtlpHttp } from "./http.ts";

const run = promisify(execFile);

/** The first block of a language in the README. */
async function block(language: string): Promise<string> {
  const readme = await readFile(new URL("README.md", import.meta.url), "utf8");
  return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(readme)![1]!;
}

describe("the README's", () => {
  let app: FastifyInstance;
  let intake: CapturingIntake;
  let url: string;

  beforeEach(async () => {
    intake = capturingIntake();
    app = fastify();
    registerOtlpHttp(app, receiverContext(intake));
    await app.listen({ port: 0, host: "127.0.0.1" });
    url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  });
  afterEach(() => app.close());

  it("curl command sends a record", async () => {
    const command = (await block("sh")).replace("http://localhost:4318", url);
    const { stdout } = await run("sh", ["-c", command]);
    expect(stdout).toBe("{}");
    expect(intake.logs[0]).toMatchObject({ body: "hello from curl", resource: { serviceName: "checkout" } });
  });

  it("Node program sends a record", async () => {
    const program = await block("js");
    const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: url };
    await run(process.execPath, ["--input-type=module", "-e", program], { env });
    expect(intake.logs[0]).toMatchObject({
      body: "hello from Node",
      severityNumber: 9,
      scope: { name: "checkout" },
      resource: { runtime: "node" },
    });
  });
});
