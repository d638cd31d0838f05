import { describe, expect, it } from "vitest";
import {
  type Answer,
  at,
  fakeServer,
  line,
  searching,
  sendJson,
  sendProblem,
} from "./testing/fake-server.ts";
import { PATIENCE, runCommand, startCommand } from "./testing/run.ts";

describe("polylog search", () => {
  it("prints the newest records, the newest last", async () => {
    await using server = await fakeServer(searching([at(3), at(1), at(2)]));
    const { code, stdout, stderr } = await runCommand(["search", "--text", "--limit", "2", "message"], {
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
    const { stdout } = await runCommand([
      "search",
      "--text",
      "-n2",
      "--order",
      order,
      "--server",
      server.url,
    ]);
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

  it("prints JSON where no terminal is, unless told otherwise", async () => {
    await using server = await fakeServer(searching([at(1)]));
    const { stdout } = await runCommand(["search", "--server", server.url]);
    expect(JSON.parse(stdout)).toMatchObject({ id: "1" });
  });

  it("paints when it is told to, and not otherwise", async () => {
    await using server = await fakeServer(searching([at(1)]));
    const outputs = await Promise.all([
      runCommand(["search", "--text", "--server", server.url], { FORCE_COLOR: "1" }),
      runCommand(["search", "--text", "--server", server.url]),
      runCommand(["search", "--text", "--server", server.url, "--no-color"], { FORCE_COLOR: "1" }),
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

  it("says how to give the token that the server asks for", async () => {
    await using server = await fakeServer((_, response) =>
      sendProblem(
        response,
        { code: "POLYLOG_E_UNAUTHORIZED", message: "This server asks for its token." },
        401,
      ),
    );
    const { code, stderr } = await runCommand(["search", "--server", server.url]);
    expect(code).toBe(2);
    expect(stderr).toBe(
      "polylog: This server asks for its token.\nSet it as POLYLOG_AUTH_TOKEN, or with --auth-token.\n",
    );
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
    await expect.poll(() => server.requests.length, PATIENCE).toBe(1);
    running.process.kill("SIGINT");
    expect(await running.ended).toEqual({ code: 130, stdout: "", stderr: "" });
  });
});
