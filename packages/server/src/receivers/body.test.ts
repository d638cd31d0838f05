import { once } from "node:events";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { PassThrough, Readable } from "node:stream";
import { brotliCompressSync, createGzip, deflateSync, gzipSync } from "node:zlib";
import fastify, { type FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { sendProblem } from "../http/problem.ts";
import { BodyMemory } from "../intake/body-memory.ts";
import { eachChunkOfBody, readBody, streamBody } from "./body.ts";
import { registerRawBodies } from "./raw-body.ts";

const limits = { compressed: 1000, decompressed: 5000 };
const text = Buffer.from("hello ".repeat(100));

describe("readBody", () => {
  const codings: [string | undefined, (bytes: Buffer) => Buffer][] = [
    [undefined, (bytes) => bytes],
    ["identity", (bytes) => bytes],
    ["gzip", (bytes) => gzipSync(bytes)],
    ["GZIP", (bytes) => gzipSync(bytes)],
    ["x-gzip", (bytes) => gzipSync(bytes)],
    ["deflate", (bytes) => deflateSync(bytes)],
    ["br", (bytes) => brotliCompressSync(bytes)],
  ];
  it.each(codings)("decodes %s", async (coding, encode) => {
    const stream = Readable.from([encode(text)], { objectMode: false });
    expect(await readBody(stream, { "content-encoding": coding }, limits)).toEqual(text);
  });

  it("gives no bytes for an empty body", async () => {
    expect(await readBody(Readable.from([]), {}, limits)).toEqual(Buffer.alloc(0));
  });

  const refused: [string, Record<string, string>, Buffer, string][] = [
    ["a declared length over the limit", { "content-length": "1001" }, text, "POLYLOG_E_TOO_LARGE"],
    ["more bytes than the limit", {}, Buffer.alloc(1001), "POLYLOG_E_TOO_LARGE"],
    [
      "a body that inflates too far",
      { "content-encoding": "gzip" },
      gzipSync(Buffer.alloc(5001)),
      "POLYLOG_E_TOO_LARGE",
    ],
    [
      "truncated gzip",
      { "content-encoding": "gzip" },
      gzipSync(text).subarray(0, 20),
      "POLYLOG_E_BAD_REQUEST",
    ],
    ["text called gzip", { "content-encoding": "gzip" }, text, "POLYLOG_E_BAD_REQUEST"],
    ["text called deflate", { "content-encoding": "deflate" }, text, "POLYLOG_E_BAD_REQUEST"],
    ["text called br", { "content-encoding": "br" }, text, "POLYLOG_E_BAD_REQUEST"],
    ["an unknown coding", { "content-encoding": "rot13" }, text, "POLYLOG_E_UNSUPPORTED_MEDIA_TYPE"],
    ["two codings", { "content-encoding": "gzip, gzip" }, text, "POLYLOG_E_UNSUPPORTED_MEDIA_TYPE"],
  ];
  it.each(refused)("refuses %s", async (_name, headers, bytes, code) => {
    const stream = Readable.from([bytes], { objectMode: false });
    await expect(readBody(stream, headers, limits)).rejects.toMatchObject({ name: "PolylogError", code });
  });

  it("asks to try again while other bodies take all the memory, and gives back its own", async () => {
    const memory = new BodyMemory(1000).of("10.0.0.1");
    const open = new PassThrough();
    const first = readBody(open, {}, limits, memory);
    open.write(Buffer.alloc(600));
    await expect.poll(() => open.readableLength).toBe(0);
    const second = () =>
      readBody(Readable.from([Buffer.alloc(600)], { objectMode: false }), {}, limits, memory);
    await expect(second()).rejects.toMatchObject({ code: "POLYLOG_E_INTAKE_FULL", retryAfterSeconds: 1 });
    open.end();
    expect(await first).toHaveLength(600);
    expect(await second()).toHaveLength(600);
  });

  it("says so when the sender leaves in the middle", async () => {
    const stream = new PassThrough();
    const reading = readBody(stream, { "content-encoding": "gzip" }, limits);
    stream.write(gzipSync(text).subarray(0, 20));
    stream.destroy(Object.assign(new Error("aborted"), { code: "ECONNRESET" }));
    await expect(reading).rejects.toMatchObject({ code: "POLYLOG_E_BAD_REQUEST", message: /ended before/ });
  });
});

describe("a body that is not compressed", () => {
  it("is refused when its sender had left before it was read", async () => {
    const stream = new PassThrough();
    stream.destroy();
    await once(stream, "close");
    await expect(readBody(stream, {}, limits)).rejects.toMatchObject({ message: /ended before/ });
  });

  it("is refused when its sender leaves without a word", async () => {
    const stream = new PassThrough();
    const reading = readBody(stream, {}, limits);
    stream.write("half");
    await expect.poll(() => stream.readableLength).toBe(0);
    stream.destroy();
    await expect(reading).rejects.toMatchObject({ code: "POLYLOG_E_BAD_REQUEST", message: /ended before/ });
  });

  it("is read to its end once it is refused, and then forgotten", async () => {
    const stream = new PassThrough({ autoDestroy: false });
    let taken = 0;
    const reading = eachChunkOfBody(stream, {}, limits, () => {
      taken++;
      throw new Error("enough");
    });
    stream.write("first");
    await expect(reading).rejects.toThrow("enough");
    stream.end("second");
    await expect.poll(() => stream.readableEnded).toBe(true);
    expect(taken).toBe(1);
  });

  it("leaves nothing on its stream that would keep it", async () => {
    const stream = Readable.from([text], { objectMode: false });
    const events = ["data", "end", "error", "close"];
    const before = events.map((event) => stream.listenerCount(event));
    await readBody(stream, {}, limits);
    expect(events.map((event) => stream.listenerCount(event))).toEqual(before);
  });
});

describe("streamBody", () => {
  it("passes decoded bytes on before the body is complete", async () => {
    const stream = new PassThrough();
    const gzip = createGzip();
    gzip.pipe(stream);
    const body = streamBody(stream, { "content-encoding": "gzip" }, limits);
    gzip.write("first");
    gzip.flush();
    const iterator = body[Symbol.asyncIterator]();
    expect(String((await iterator.next()).value)).toBe("first");
    gzip.end("second");
    expect(String((await iterator.next()).value)).toBe("second");
    expect((await iterator.next()).done).toBe(true);
  });

  it("gives its refusal as the stream's error", async () => {
    const body = streamBody(Readable.from([Buffer.alloc(1001)], { objectMode: false }), {}, limits);
    await expect(body.toArray()).rejects.toMatchObject({ code: "POLYLOG_E_TOO_LARGE" });
  });

  it("leaves the request open when its reader stops, and reads it to its end", async () => {
    const stream = new PassThrough({ autoDestroy: false });
    const body = streamBody(stream, {}, limits);
    stream.write("first");
    for await (const _chunk of body) break;
    expect(stream.destroyed).toBe(false);
    stream.end("second");
    await expect.poll(() => stream.readableEnded).toBe(true);
  });
});

describe("registerRawBodies on a listening server", () => {
  const apps: FastifyInstance[] = [];
  afterEach(async () => {
    for (const app of apps.splice(0)) await app.close();
  });

  async function listen(bodyLimits = limits) {
    const app = fastify({ forceCloseConnections: true });
    apps.push(app);
    const steps: string[] = [];
    await app.register(async (intake) => {
      registerRawBodies(intake);
      intake.post("/body", async (incoming, reply) => {
        steps.push("begun");
        try {
          const bytes = await readBody(incoming.raw, incoming.headers, bodyLimits);
          steps.push("read");
          return reply.send(String(bytes.length));
        } catch (error) {
          steps.push((error as { code: string }).code);
          return sendProblem(reply, error);
        }
      });
    });
    app.post("/json", async (incoming) => incoming.body);
    await app.listen({ port: 0, host: "127.0.0.1" });
    const { port } = app.server.address() as AddressInfo;
    return { port, url: `http://127.0.0.1:${port}`, steps };
  }

  it.each(["application/json", "text/plain", "application/x-protobuf", "application/x-www-form-urlencoded"])(
    "hands on a body of type %s unread",
    async (type) => {
      const { url } = await listen();
      const answer = await fetch(`${url}/body`, {
        method: "POST",
        headers: { "content-type": type },
        body: "{bad",
      });
      expect(await answer.text()).toBe("4");
    },
  );

  it("hands on a body without a type", async () => {
    const { port } = await listen();
    const length = await new Promise<string>((resolve, reject) => {
      const outgoing = request({ port, host: "127.0.0.1", method: "POST", path: "/body" }, (incoming) => {
        incoming.setEncoding("utf8").on("data", resolve);
      }).on("error", reject);
      outgoing.end("four");
    });
    expect(length).toBe("4");
  });

  it("leaves the parsers of other routes alone", async () => {
    const { url } = await listen();
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${url}/json`, { method: "POST", headers, body: '{"a":1}' });
    expect(await answer.json()).toEqual({ a: 1 });
  });

  it("lets a sender of far too much see why it is refused", async () => {
    const { url } = await listen();
    const answer = await fetch(`${url}/body`, { method: "POST", body: Buffer.alloc(1800) });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ code: "POLYLOG_E_TOO_LARGE" });
  });

  it("refuses a bomb of 1 GB in bounded memory", async () => {
    const { url } = await listen({ compressed: 32 << 20, decompressed: 16 << 20 });
    const bomb = await gzipBomb(1 << 30);
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 5);
    try {
      const headers = { "content-encoding": "gzip" };
      const answer = await fetch(`${url}/body`, { method: "POST", headers, body: new Uint8Array(bomb) });
      expect(answer.status).toBe(413);
    } finally {
      clearInterval(watch);
    }
    expect(peak - before).toBeLessThan(128 << 20);
  });

  it("ends the reading when the sender goes away", async () => {
    const { port, steps } = await listen();
    const socket = connect(port, "127.0.0.1");
    socket.write("POST /body HTTP/1.1\r\nhost: a\r\ncontent-length: 500\r\n\r\nonly this");
    await expect.poll(() => steps).toEqual(["begun"]);
    socket.destroy();
    await expect.poll(() => steps).toEqual(["begun", "POLYLOG_E_BAD_REQUEST"]);
  });
});

/** Zeros, compressed about a thousandfold, made without ever holding them. */
async function gzipBomb(size: number): Promise<Buffer> {
  const zeros = Buffer.alloc(1 << 20);
  function* source() {
    for (let made = 0; made < size; made += zeros.length) yield zeros;
  }
  return Buffer.concat(
    await Readable.from(source())
      .pipe(createGzip({ level: 1 }))
      .toArray(),
  );
}
