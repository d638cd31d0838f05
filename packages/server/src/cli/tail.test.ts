import { describe, expect, it } from "vitest";
import type { LogRow } from "../contract/rows.ts";
import { at, fakeServer, line, sendProblem } from "./testing/fake-server.ts";
import { PATIENCE, runCommand, startCommand } from "./testing/run.ts";

describe("polylog tail", () => {
  const rowsEvent = (rows: readonly LogRow[], matched = rows.length): string =>
    `event: rows\nid: ${rows.at(-1)?.id}\ndata: ${JSON.stringify({ rows, matched })}\n\n`;
  const head = { "content-type": "text/event-stream; charset=utf-8" };

  it("prints records as they come until Ctrl-C, which is no failure", async () => {
    await using server = await fakeServer((_, response) => {
      response.writeHead(200, head).write(`: hello\n\n${rowsEvent([at(1), at(2)])}`);
    });
    const running = startCommand(["tail", "--text", "message", "-n", "5", "--server", server.url]);
    await expect.poll(() => running.output.stdout, PATIENCE).toContain("message 2");
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
    const running = startCommand(["tail", "--text", "--server", server.url]);
    await expect.poll(() => running.output.stdout, PATIENCE).toContain("message 2");
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
    const running = startCommand(["tail", "--text", "--server", server.url]);
    await expect.poll(() => running.output.stderr, PATIENCE).not.toBe("");
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
