import { afterEach, describe, expect, it } from "vitest";
import { type ScriptedServer, startScriptedServer } from "../../../test/scripted-server.ts";
import { runProgram } from "./bridges/testing/run-program.ts";

let server: ScriptedServer | undefined;
afterEach(() => server?.stop());

interface Entry {
  readonly level: string;
  readonly message: string;
  readonly environment: string;
  readonly metadata?: object;
  readonly stackTrace?: string;
}

/** Runs a program that sends to a server of its own; what it sent there, and how it ended. */
async function send(program: string, environment: NodeJS.ProcessEnv = {}) {
  server = await startScriptedServer();
  const { url, requests } = server;
  const outcome = await runProgram(
    `import { init, log } from "polylog";
    const endpoint = ${JSON.stringify(url)};
    ${program}`,
    { ...environment, ...("POLYLOG_ENDPOINT" in environment && { POLYLOG_ENDPOINT: url }) },
  );
  const bodies = requests.map(({ body }) => body as { projectApiKey: string; log?: Entry; logs?: Entry[] });
  return {
    ...outcome,
    keys: [...new Set(bodies.map(({ projectApiKey }) => projectApiKey))],
    entries: bodies.flatMap(({ log, logs }) => logs ?? [log!]),
  };
}

describe("init", () => {
  it("sends records to the server, with global metadata, and writes them to standard error", async () => {
    const { keys, entries, records } = await send(
      `init({ apiKey: "aura_1", endpoint, environment: "staging", globalMetadata: { region: "eu" } });
      log.info("ready", { port: 80 });`,
    );
    expect(keys).toEqual(["aura_1"]);
    expect(entries).toMatchObject([
      { level: "info", message: "ready", environment: "staging", metadata: { region: "eu", port: 80 } },
    ]);
    expect(records).toEqual(["INFO  [N] root ready region=eu port=80"]);
  });

  it("writes nothing to standard error when it isn't to", async () => {
    const { entries, stderr } = await send(
      'init({ apiKey: "k", endpoint, console: false }); log.info("ready");',
    );
    expect(entries).toMatchObject([{ message: "ready", environment: "production" }]);
    expect(stderr).toBe("");
  });

  it("takes key, address and environment from their variables", async () => {
    const { keys, entries } = await send('init(); log.info("ready");', {
      POLYLOG_API_KEY: "aura_2",
      POLYLOG_ENDPOINT: "the server's",
      POLYLOG_ENVIRONMENT: "test",
    });
    expect(keys).toEqual(["aura_2"]);
    expect(entries).toMatchObject([{ message: "ready", environment: "test" }]);
  });

  it("says what is missing without a key", async () => {
    const { code, stderr } = await send("init({ endpoint });");
    expect(code).toBe(1);
    expect(stderr).toContain("POLYLOG_E_CONFIG");
  });

  it.each([
    [
      "an error that nobody caught",
      'setTimeout(() => { throw new RangeError("boom"); });',
      "uncaught exception: boom",
    ],
    [
      "a rejection that nobody handled",
      'Promise.reject(new RangeError("boom"));',
      "unhandled rejection: boom",
    ],
  ])("sends %s, and the process ends as it would have", async (_name, last, message) => {
    const { code, entries } = await send(`init({ apiKey: "k", endpoint }); ${last}`);
    expect(code).toBe(1);
    expect(entries).toMatchObject([
      { level: "fatal", message, stackTrace: expect.stringContaining("RangeError: boom\n") },
    ]);
  });

  it("leaves errors to others when it is told to", async () => {
    const { code, entries } = await send(
      'init({ apiKey: "k", endpoint, captureErrors: false }); throw new Error("boom");',
    );
    expect([code, entries]).toEqual([1, []]);
  });

  it("sends what is written to the console when it is told to, once, however often it is called", async () => {
    const { entries } = await send(
      `for (let i = 0; i < 2; i++) init({ apiKey: "k", endpoint, captureConsole: true });
      console.warn("card declined", { order: 17 });
      process.exit();`,
    );
    expect(entries).toMatchObject([
      { level: "warn", message: "card declined", metadata: { logger: "console", order: 17 } },
    ]);
  });

  it("leaves the console alone else", async () => {
    const { entries } = await send('init({ apiKey: "k", endpoint }); console.warn("printed");');
    expect(entries).toEqual([]);
  });
});
