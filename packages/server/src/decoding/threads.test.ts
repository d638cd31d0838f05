import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { silentLog } from "../store/testing/store.ts";
import { createDecoding, type Decoding, type DecodingOptions } from "./threads.ts";

const STANDIN = join(import.meta.dirname, "testdata/worker.mjs");
const MEGABYTE = 1 << 20;

const made: Decoding[] = [];
afterEach(async () => {
  for (const decoding of made.splice(0)) await decoding.stop();
});

/** With threads that do what the path of a request says. */
function decodingOf(options: Partial<DecodingOptions> = {}): Decoding {
  const decoding = createDecoding({ threads: 1, log: silentLog, file: STANDIN, ...options });
  made.push(decoding);
  return decoding;
}

const ask = (decoding: Decoding, path = "/", body = Buffer.from("x"), sender = "a") =>
  decoding.body({ decoder: path, parameters: {}, receiver: "test" }, body, body.length, sender);
const OPENING = { defaults: {}, receiver: "jsonl", now: 0n };
const LOST = { code: "POLYLOG_E_INTAKE_FULL", reason: "decoding_thread_lost", retryAfterSeconds: 1 };

describe("threads", () => {
  it("start with the first request, and as many as there is work for", async () => {
    const decoding = decodingOf({ threads: 3 });
    expect(decoding.statistics().threads).toBe(0);
    await ask(decoding);
    await ask(decoding);
    expect(decoding.statistics()).toEqual({ threads: 1, underWay: 0, jobs: 2, waiting: 0, lostThreads: 0 });
    await Promise.all(Array.from({ length: 9 }, () => ask(decoding)));
    expect(decoding.statistics()).toEqual({ threads: 3, underWay: 0, jobs: 11, waiting: 0, lostThreads: 0 });
  });

  it("take one request each, while others wait", async () => {
    const decoding = decodingOf({ threads: 2 });
    const silent = [1, 2, 3, 4, 5].map(() => ask(decoding, "/silent").catch(() => {}));
    await expect.poll(() => decoding.statistics()).toMatchObject({ threads: 2, waiting: 3 });
    await decoding.stop();
    await Promise.all(silent);
  });

  it("hold only so many bytes, and a sender only its share of them", async () => {
    const decoding = decodingOf({ maxBytes: 10 * MEGABYTE });
    const body = () => Buffer.alloc(3 * MEGABYTE);
    const first = Promise.allSettled([ask(decoding, "/silent", body()), ask(decoding, "/silent", body())]);
    await expect(ask(decoding, "/", Buffer.alloc(5 * MEGABYTE))).rejects.toMatchObject({
      code: "POLYLOG_E_INTAKE_FULL",
      message: "Too many large requests at once",
    });
    await decoding.stop();
    await first;
  });

  it("refuse nobody a turn whose request they have begun", async () => {
    const decoding = decodingOf({ waiting: 1 });
    const lines = decoding.lines(OPENING, "a");
    await lines.read(Buffer.from("{}"), false);
    const silent = [ask(decoding, "/slow"), ask(decoding)];
    await expect(ask(decoding)).rejects.toMatchObject({ code: "POLYLOG_E_INTAKE_FULL" });
    await expect(lines.read(Buffer.from("{}"), true)).resolves.toMatchObject({ isDone: true });
    await Promise.all(silent);
  });

  it("leave the bytes of others alone", async () => {
    const all = Buffer.from("before and after");
    await ask(decodingOf(), "/", all.subarray(0, 6));
    expect(all.toString()).toBe("before and after");
  });
});

describe("a thread that is lost", () => {
  it.each(["/crash", "/exit"])("by %s has its request sent again, and is replaced", async (path) => {
    const decoding = decodingOf();
    await expect(ask(decoding, path)).rejects.toMatchObject(LOST);
    await ask(decoding);
    expect(decoding.statistics()).toMatchObject({ threads: 1, lostThreads: 1 });
  });

  it("to a request that never ends refuses that for good, and no other", async () => {
    const decoding = decodingOf({ timeLimit: 1_500 });
    const results = await Promise.allSettled([ask(decoding, "/hang"), ask(decoding), ask(decoding)]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    expect(results[0]).toMatchObject({
      reason: { code: "POLYLOG_E_TOO_LARGE", message: "The request takes too much time to be decoded" },
    });
  });

  it("to a request that fills its memory refuses that for good", async () => {
    const decoding = decodingOf({ heapMegabytes: 16 });
    await expect(ask(decoding, "/memory")).rejects.toMatchObject({
      code: "POLYLOG_E_TOO_LARGE",
      message: "The request takes too much memory to be decoded",
    });
    await ask(decoding);
    expect(decoding.statistics()).toMatchObject({ threads: 1, lostThreads: 1 });
  });

  it("has requests of JSON lines sent again that it had begun", async () => {
    const decoding = decodingOf();
    const lines = decoding.lines(OPENING, "a");
    await lines.read(Buffer.from("{}"), false);
    await expect(ask(decoding, "/crash")).rejects.toMatchObject(LOST);
    await expect(lines.read(Buffer.from("{}"), true)).rejects.toMatchObject(LOST);
    lines.close();
    const next = decoding.lines(OPENING, "a");
    await expect(next.read(Buffer.from("{}"), true)).resolves.toMatchObject({ isDone: true });
    next.close();
  });

  it("time and again before it has answered anything is not replaced for ever", async () => {
    const decoding = decodingOf({ file: join(import.meta.dirname, "testdata/none.mjs"), heavyBytes: 5 });
    for (let i = 0; i < 3; i++) {
      expect(decoding.heavyBytes).toBe(5);
      await expect(ask(decoding)).rejects.toMatchObject(LOST);
    }
    expect(decoding.heavyBytes).toBe(Number.POSITIVE_INFINITY);
  });
});

describe("a stop", () => {
  it("refuses what is under way, what waits and what comes", async () => {
    const decoding = decodingOf();
    const stopping = { code: "POLYLOG_E_STOPPING" };
    const asked = [ask(decoding, "/hang"), ask(decoding)].map((one) =>
      expect(one).rejects.toMatchObject(stopping),
    );
    await expect.poll(() => decoding.statistics()).toMatchObject({ threads: 1, waiting: 1 });
    await decoding.stop();
    await Promise.all(asked);
    await expect(ask(decoding)).rejects.toMatchObject(stopping);
    expect(decoding.statistics().threads).toBe(0);
  });
});
