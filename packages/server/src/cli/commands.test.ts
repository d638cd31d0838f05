import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { LogRow } from "../contract/rows.ts";
import {
  type Answer,
  fakeServer,
  nothingExplained,
  row,
  searchAnswer,
  sendJson,
  sendProblem,
} from "./testing/fake-server.ts";
import { runCommand, startCommand } from "./testing/run.ts";

const at = (second: number, given: Partial<LogRow> = {}): LogRow =>
  row({
    id: String(second),
    timestamp: `2026-03-27T10:00:${String(second).padStart(2, "0")}.000000000Z`,
    body: `message ${second}`,
    service: "",
    logger: "",
    runtime: "",
    ...given,
  });
const line = (second: number): string => `2026-03-27T10:00:0${second}.000Z INFO  message ${second}\n`;

/** Answers every search out of the rows. */
const searching =
  (rows: readonly LogRow[]): Answer =>
  (url, response) =>
    url.pathname.endsWith("/explain")
      ? sendJson(response, nothingExplained)
      : sendJson(response, searchAnswer(rows, url));

async function until(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (isTrue()) return;
    await delay(20);
  }
  throw new Error("it did not come to pass within 10 s");
}

describe("polylog", () => {
  it("says in ten lines what it can do", async () => {
    const { code, stdout, stderr } = await runCommand([]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
    for (const command of ["serve", "search", "tail", "import", "run", "version"]) {
      expect(stdout).toContain(`polylog ${command}`);
    }
  });

  it.each(["serve", "search", "tail", "import", "run"])(
    "%s --help has examples of itself",
    async (command) => {
      const { code, stdout } = await runCommand([command, "--help"]);
      expect(code).toBe(0);
      expect(
        stdout.slice(stdout.indexOf("Examples:")).match(new RegExp(`polylog ${command}`, "g"))?.length,
      ).toBeGreaterThan(2);
      expect((await runCommand(["help", command])).stdout).toBe(stdout);
    },
  );

  it.each<[words: string[], says: string]>([
    [["searhc"], "Did you mean search?"],
    [["search", "--lmit", "3"], "Did you mean --limit?"],
    [["tail", "--server"], "argument missing"],
    [["serve", "--prot", "3"], "Did you mean --port?"],
    [["serve", "--port", "x"], '--port can\'t be "x"'],
    [["serve", "--host", "0.0.0.0"], "POLYLOG_AUTH_TOKEN"],
    [["import"], "missing required argument"],
    [["run"], "missing required argument"],
    [["search", "--limit", "0"], "from 1 to"],
    [["search", "--since", "soon"], "--since"],
    [["search", "--json", "--fields", "a"], "--fields"],
    [["search", "--server", "ftp://x"], "not the address of a server"],
  ])("%j is wrong use, and it says how", async (words, says) => {
    const { code, stdout, stderr } = await runCommand(words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(says);
  });

  it("says its version", async () => {
    expect((await runCommand(["version"])).stdout).toMatch(/^polylog \d+\.\d+\.\d+\n$/);
    expect((await runCommand(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each(["search", "tail"])(
    "%s says that the server is not reached, and where it was looked for",
    async (command) => {
      const { code, stderr } = await runCommand([command, "--server", "http://127.0.0.1:1"]);
      expect(code).toBe(3);
      expect(stderr).toContain("http://127.0.0.1:1 is not reached");
      expect(stderr).toContain("polylog serve");
    },
  );
});

describe("polylog search", () => {
  it("prints the newest records, the newest last", async () => {
    await using server = await fakeServer(searching([at(3), at(1), at(2)]));
    const { code, stdout, stderr } = await runCommand(["search", "--limit", "2", "message"], {
      POLYLOG_SERVER: server.url,
    });
    expect([code, stdout]).toEqual([0, line(2) + line(3)]);
    expect(stderr).toContain("newest 2; there are more");
    expect(server.requests[0]?.url.searchParams.get("query")).toBe("message");
  });

  it.each<[order: string, expected: string]>([
    ["desc", line(3) + line(2)],
    ["asc", line(1) + line(2)],
  ])("prints them in the order %s", async (order, expected) => {
    await using server = await fakeServer(searching([at(3), at(1), at(2)]));
    const { stdout } = await runCommand(["search", "-n2", "--order", order, "--server", server.url]);
    expect(stdout).toBe(expected);
  });

  it("turns the pages until it has what was asked for", async () => {
    const rows = Array.from({ length: 12_000 }, (_, index) =>
      at(index % 60, { id: String(index), body: `m${index}` }),
    );
    await using server = await fakeServer(searching(rows));
    const { stdout, stderr } = await runCommand([
      "search",
      "--limit",
      "11_000",
      "--json",
      "--server",
      server.url,
    ]);
    const ids = stdout
      .trimEnd()
      .split("\n")
      .map((text) => JSON.parse(text).id);
    expect([ids.length, new Set(ids).size]).toEqual([11_000, 11_000]);
    expect(server.requests.length).toBe(3);
    expect(stderr).toContain("there are more");
  });

  it("prints JSON that holds the whole record and nothing that a terminal obeys", async () => {
    const record = at(1, { body: "a\u001b]0;x\u0007\u009b2J\u202e", attributes: { "k.a": "v" } });
    await using server = await fakeServer(searching([record]));
    const { stdout } = await runCommand(["search", "--json", "--server", server.url]);
    expect(JSON.parse(stdout)).toEqual(record);
    expect(stdout).toMatch(/^[\x20-\x7e]+\n$/);
  });

  it("sends query, window and token as they were given", async () => {
    await using server = await fakeServer(searching([at(1)]));
    const words = [
      "search",
      "level:error",
      "-path:/health",
      "--from",
      "2026-03-27T10:00:00Z",
      "--to",
      "2026-03-27 11:00",
    ];
    await runCommand([...words, "--server", `${server.url}/prefix/`], { POLYLOG_AUTH_TOKEN: "secret" });
    const [request] = server.requests;
    expect(request?.url.pathname).toBe("/prefix/api/v1/logs");
    expect(Object.fromEntries(request?.url.searchParams ?? [])).toEqual({
      query: "level:error -path:/health",
      from: String(Date.UTC(2026, 2, 27, 10)),
      to: String(Date.UTC(2026, 2, 27, 11)),
      limit: "100",
      order: "desc",
    });
    expect(request?.headers.authorization).toBe("Bearer secret");
  });

  it("prints columns, separated by tabs for programs", async () => {
    await using server = await fakeServer(searching([at(1, { attributes: { a: "x\ty" } })]));
    const { stdout } = await runCommand(["search", "--columns", "time,a,message", "--server", server.url]);
    expect(stdout).toBe("2026-03-27T10:00:01.000Z\tx\\ty\tmessage 1\n");
  });

  it("paints when it is told to, and not otherwise", async () => {
    await using server = await fakeServer(searching([at(1)]));
    const outputs = await Promise.all([
      runCommand(["search", "--server", server.url], { FORCE_COLOR: "1" }),
      runCommand(["search", "--server", server.url]),
      runCommand(["search", "--server", server.url, "--no-color"], { FORCE_COLOR: "1" }),
    ]);
    expect(outputs.map(({ stdout }) => stdout.includes("\u001b["))).toEqual([true, false, false]);
  });

  it("ends with 1 and says so when nothing is found", async () => {
    await using server = await fakeServer(searching([]));
    const { code, stdout, stderr } = await runCommand([
      "search",
      "--since",
      "2h",
      "x",
      "--server",
      server.url,
    ]);
    expect([code, stdout, stderr]).toEqual([1, "", "Nothing found in the last 2h.\n"]);
  });

  it("shows the place of an error in the query", async () => {
    await using server = await fakeServer((_, response) =>
      sendProblem(response, {
        code: "POLYLOG_E_QUERY_SYNTAX",
        message: "A value is missing after level:",
        position: { start: 8, end: 9 },
        expected: ["a word", "a phrase"],
      }),
    );
    const { code, stdout, stderr } = await runCommand(["search", "a level:)", "--server", server.url]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("\n  a level:)\n          ^\nExpected a word, a phrase.\n");
  });

  it.each<[what: string, answer: Answer]>([
    ["a page", (_, response) => response.writeHead(200, { "content-type": "text/html" }).end("<html>")],
    ["another program's JSON", (_, response) => sendJson(response, { hello: 1 })],
    ["a redirect", (_, response) => response.writeHead(302, { location: "/login" }).end()],
    ["half an answer", (_, response) => response.writeHead(200, { "content-length": "100" }).end("{")],
    ["a hang-up", (_, response) => response.destroy()],
  ])("says that %s is no answer", async (_, answer) => {
    await using server = await fakeServer(answer);
    const { code, stderr } = await runCommand(["search", "--server", server.url]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^polylog: /);
    expect(stderr).not.toContain("fault of Polylog");
  });

  it("is quiet when nobody reads on", async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => at(index % 60, { body: "x".repeat(100) }));
    await using server = await fakeServer(searching(rows));
    const running = startCommand(["search", "-n", "5000", "--server", server.url]);
    running.process.stdout.once("data", () => running.process.stdout.destroy());
    const { code, stderr } = await running.ended;
    expect([code, stderr.replace(/^These are.*\n/, "")]).toEqual([0, ""]);
  });

  it("stops at once on Ctrl-C", async () => {
    await using server = await fakeServer(() => {});
    const running = startCommand(["search", "--server", server.url]);
    await until(() => server.requests.length === 1);
    running.process.kill("SIGINT");
    expect(await running.ended).toEqual({ code: 130, stdout: "", stderr: "" });
  });
});

describe("polylog tail", () => {
  const rowsEvent = (rows: readonly LogRow[], matched = rows.length): string =>
    `event: rows\nid: ${rows.at(-1)?.id}\ndata: ${JSON.stringify({ rows, matched })}\n\n`;
  const head = { "content-type": "text/event-stream; charset=utf-8" };

  it("prints records as they come until Ctrl-C, which is no failure", async () => {
    await using server = await fakeServer((_, response) => {
      response.writeHead(200, head).write(`: hello\n\n${rowsEvent([at(1), at(2)])}`);
    });
    const running = startCommand(["tail", "message", "-n", "5", "--server", server.url]);
    await until(() => running.output.stdout.includes("message 2"));
    running.process.kill("SIGINT");
    expect(await running.ended).toEqual({ code: 0, stdout: line(1) + line(2), stderr: "" });
    expect(Object.fromEntries(server.requests[0]?.url.searchParams ?? [])).toMatchObject({
      query: "message",
      backlog: "5",
    });
  });

  it("goes on after the last record when the connection breaks, and says so", async () => {
    let connections = 0;
    await using server = await fakeServer((_, response) => {
      connections++;
      response.writeHead(200, head);
      if (connections === 1) response.end(rowsEvent([at(1)]));
      else response.write(rowsEvent([at(2)]));
    });
    const running = startCommand(["tail", "--server", server.url]);
    await until(() => running.output.stdout.includes("message 2"));
    running.process.kill("SIGINT");
    const { stdout, stderr } = await running.ended;
    expect(stdout).toBe(line(1) + line(2));
    expect(stderr).toMatch(/Trying again.*\nConnected again\.\n$/s);
    expect(server.requests[1]?.headers["last-event-id"]).toBe("1");
    expect(server.requests[1]?.url.searchParams.has("backlog")).toBe(false);
  });

  it("says when it shows a sample only", async () => {
    await using server = await fakeServer((_, response) =>
      response.writeHead(200, head).write(rowsEvent([at(1)], 70)),
    );
    const running = startCommand(["tail", "--server", server.url]);
    await until(() => running.output.stderr !== "");
    running.process.kill("SIGINT");
    expect((await running.ended).stderr).toContain("1 of 70 records");
  });

  it("ends on a query that can't be read", async () => {
    await using server = await fakeServer((_, response) =>
      sendProblem(response, {
        code: "POLYLOG_E_QUERY_SYNTAX",
        message: "No.",
        position: { start: 0, end: 1 },
      }),
    );
    const { code, stderr } = await runCommand(["tail", ")", "--server", server.url]);
    expect([code, stderr]).toEqual([2, "polylog: No.\n  )\n  ^\n"]);
  });
});
