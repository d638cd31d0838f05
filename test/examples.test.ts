import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { type ExampleProcess, prepareExample, startExample } from "./example-process.ts";
import { poll } from "./poll.ts";
import { ROOT } from "./server-process.ts";

/** Installing and building Next.js takes its time. */
const LIMIT = 400_000;

/** Has a test of its own, `three-runtimes.test.ts`. */
const NO_FRAMEWORK = "one-process-three-runtimes";
const EXAMPLES = readdirSync(join(ROOT, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .filter((name) => name !== NO_FRAMEWORK);

/** What an example logs in another way than most. */
const ROUTES: Readonly<Record<string, string>> = { next: "/users/[id]" };
const ERROR_IN_RECORD_OF_ITS_OWN = new Set(["nest", "next"]);

it("each framework has an example", () => {
  expect(EXAMPLES).toEqual(["express", "fastify", "hono", "koa", "nest", "next"]);
});

describe.each(EXAMPLES)("examples/%s", (name) => {
  let example: ExampleProcess | undefined;
  let unreachable: string | undefined;
  beforeAll(async () => {
    const prepared = prepareExample(name);
    if ("folder" in prepared) example = await startExample(prepared.folder);
    else unreachable = `the registry of packages can't be reached: ${prepared.unreachable}`;
  }, LIMIT);
  afterAll(() => example?.stop());

  function started(context: TestContext): ExampleProcess {
    if (example === undefined) {
      console.warn(`examples/${name} is skipped: ${unreachable}`);
      context.skip(unreachable);
    }
    return example!;
  }

  it("does what its README says", (context) => {
    const { port, output } = started(context);
    const readme = readFileSync(join(ROOT, "examples", name, "README.md"), "utf8");
    const commands = /^```sh\n([\s\S]*?)^```/m.exec(readme)?.[1]?.trim().split("\n") ?? [];
    const calls = commands.filter((command) => command.startsWith("curl "));
    expect(commands.filter((command) => !calls.includes(command)).at(-1)).toBe("npm start");
    expect(calls).toHaveLength(2);
    for (const call of calls) {
      const { status } = spawnSync("sh", ["-c", `${call.replace("3000", String(port))} -s`]);
      expect(status, output()).toBe(0);
    }
  });

  it("logs a request and what is logged in it", async (context) => {
    const { port, lines } = started(context);
    await (
      await fetch(`http://localhost:${port}/users/ann?token=secret`, {
        headers: {
          "x-request-id": "test-1",
          traceparent: "00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-01",
        },
      })
    ).text();
    const ofRequest = () => lines().filter((line) => line.metadata?.requestId === "test-1");
    await poll("the request is logged", () => ofRequest().length === 2);
    const [inside, request] = ofRequest();
    expect(inside).toMatchObject({ severity: "INFO", message: "found a user", metadata: { user: "ann" } });
    expect(request).toMatchObject({
      severity: "INFO",
      logger: "http",
      message: "GET /users/ann 200",
      trace_id: "5b8efff798038103d269b633813fc60c",
      metadata: {
        method: "GET",
        path: "/users/ann",
        status: 200,
        durationMs: expect.any(Number),
        route: ROUTES[name] ?? "/users/:id",
      },
    });
    expect(JSON.stringify(lines())).not.toContain("secret");
  });

  it("logs an error with its stack", async (context) => {
    const { port, lines } = started(context);
    await (await fetch(`http://localhost:${port}/broken`, { headers: { "x-request-id": "test-2" } })).text();
    const ofRequest = () => lines().filter((line) => line.metadata?.requestId === "test-2");
    await poll("the request is logged", () =>
      ofRequest().some(({ logger, metadata }) => logger === "http" && metadata?.status === 500),
    );
    expect(ofRequest().map(({ severity }) => severity)).toEqual(
      ERROR_IN_RECORD_OF_ITS_OWN.has(name) ? ["ERROR", "ERROR"] : ["ERROR"],
    );
    expect(ofRequest()[0]?.exception?.stack).toMatch(/out of order\n\s+at /);
  });

  it("warns of pages that are not there", async (context) => {
    const { port, lines } = started(context);
    await (await fetch(`http://localhost:${port}/nowhere`)).text();
    await poll("the request is logged", () =>
      lines().some(({ message, severity }) => message === "GET /nowhere 404" && severity === "WARNING"),
    );
  });
});
