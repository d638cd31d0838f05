import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { generate } from "selfsigned";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Counts, capturingIntake, receiverContext } from "../../testing/capturing-intake.ts";
import type { Conversation, Protocol } from "./conversation.ts";
import type { ListenerLimits } from "./limits.ts";
import { type Listener, listenTcp, type TcpListenerOptions } from "./tcp-listener.ts";

/** Holds bytes until a newline comes, and answers each line with itself. */
const echo: Protocol = (peer) => {
  let held = "";
  let completed = 0;
  return {
    take(chunk) {
      const lines = (held + chunk.toString()).split("\n");
      held = lines.pop() ?? "";
      completed += lines.length;
      for (const line of lines) peer.send(Buffer.from(`${line}\n`));
    },
    end() {},
    get heldBytes() {
      return held.length;
    },
    get completed() {
      return completed;
    },
  } satisfies Conversation;
};

let counts: Counts;
let errors: string[];
let listener: Listener | undefined;
let sockets: Socket[];
beforeEach(() => {
  counts = {};
  errors = [];
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await listener?.stop(0);
  listener = undefined;
});

async function listen(
  limits: Partial<ListenerLimits> = {},
  options: Partial<TcpListenerOptions> = {},
): Promise<void> {
  const context = receiverContext(capturingIntake(), { counts, errors });
  listener = await listenTcp({
    ...{ receiver: "echo", context, protocol: echo, host: "127.0.0.1", port: 0, limits },
    ...options,
  });
}

async function open(): Promise<Socket> {
  const socket = connect(listener!.port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => {});
  await once(socket, "connect");
  return socket;
}

async function answerTo(socket: Socket, line: string): Promise<string> {
  const answer = once(socket, "data");
  socket.write(`${line}\n`);
  return String((await answer)[0]);
}

const isClosed = (socket: Socket) => socket.destroyed || socket.readableEnded;
const cutOff = (socket: Socket) =>
  expect.poll(() => isClosed(socket.resume()), { timeout: 5_000 }).toBe(true);

describe("a TCP listener", () => {
  it("cuts off who stays in the middle of a message, and nobody who is only silent", async () => {
    await listen({ slowAfter: 150 });
    const silent = await open();
    const slow = await open();
    slow.write("x");
    await cutOff(slow);
    expect(counts).toEqual({ "rejected slow": 1 });
    expect(await answerTo(silent, "still here")).toBe("still here\n");
  });

  it("bears a thousand who send a byte at a time, and answers the others", async () => {
    await listen({ slowAfter: 400 });
    const slow = await Promise.all(Array.from({ length: 1000 }, open));
    const trickle = setInterval(() => {
      for (const socket of slow) if (!socket.destroyed) socket.write("x");
    }, 100);
    const quick = await open();
    expect(await answerTo(quick, "quick")).toBe("quick\n");
    await expect.poll(() => counts["rejected slow"], { timeout: 10_000 }).toBe(1000);
    clearInterval(trickle);
    expect(await answerTo(quick, "again")).toBe("again\n");
  });

  it("lets a large message on a slow line come on", async () => {
    await listen({ slowAfter: 100, slowBytes: 10 });
    const socket = await open();
    for (let i = 0; i < 8; i++) {
      socket.write("x".repeat(20));
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    expect(await answerTo(socket, "")).toBe(`${"x".repeat(160)}\n`);
    expect(counts).toEqual({});
  });

  it("cuts off who holds most when all together hold too much", async () => {
    await listen({ heldBytes: 1000 });
    const [small, large] = [await open(), await open()];
    small.write("x".repeat(400));
    large.write("x".repeat(500));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(counts).toEqual({});
    large.write("x".repeat(200));
    await cutOff(large);
    expect(counts).toEqual({ "rejected too_large": 1 });
    expect(await answerTo(small, "")).toBe(`${"x".repeat(400)}\n`);
  });

  it("takes no more connections than it may, except in the place of one that is silent", async () => {
    await listen({ connections: 2, idleAfter: 200 });
    const first = await open();
    const second = await open();
    await answerTo(first, "one");
    await cutOff(await open());
    expect(counts).toEqual({ "rejected too_many_connections": 1 });
    await new Promise((resolve) => setTimeout(resolve, 250));
    await answerTo(second, "two");
    const third = await open();
    expect(await answerTo(third, "three")).toBe("three\n");
    await cutOff(first);
    expect(counts).toMatchObject({ "rejected idle": 1 });
  });

  it("cuts off who reads no answers", async () => {
    await listen({ unreadBytes: 64 << 10 });
    const socket = await open();
    socket.pause();
    const line = `${"x".repeat(1000)}\n`.repeat(64);
    for (let i = 0; i < 500 && counts["rejected unread"] === undefined; i++) {
      socket.write(line);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => counts["rejected unread"]).toBe(1);
  });

  it("counts a fault of ours, and tells only the log of it", async () => {
    const broken: Protocol = () => ({
      take() {
        throw new Error("secret");
      },
      end() {},
      heldBytes: 0,
      completed: 0,
    });
    await listen({}, { protocol: broken });
    const socket = await open();
    const received: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => received.push(chunk));
    socket.write("x");
    await cutOff(socket);
    expect([counts, errors.length, received]).toEqual([{ "rejected internal": 1 }, 1, []]);
  });

  it("says which receiver's port is in use", async () => {
    await listen();
    const again = listenTcp({
      ...{ receiver: "echo", context: receiverContext(capturingIntake()), protocol: echo },
      ...{ host: "127.0.0.1", port: listener!.port },
    });
    await expect(again).rejects.toMatchObject({
      code: "POLYLOG_E_PORT_IN_USE",
      message: expect.stringContaining("for echo is in use"),
      remedy: expect.stringContaining("--receivers echo:0"),
    });
  });
});

describe("a TCP listener with a certificate", () => {
  async function listenTls(limits: Partial<ListenerLimits> = {}): Promise<string> {
    const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
      keySize: 2048,
    });
    await listen(limits, { tls: { cert, key } });
    return cert;
  }

  it("speaks TLS, and counts who doesn't", async () => {
    await listenTls();
    const plain = await open();
    plain.write("hello\n");
    await cutOff(plain);
    await expect.poll(() => counts).toEqual({ "rejected tls": 1 });
    const secured = connectTls({ port: listener!.port, host: "127.0.0.1", rejectUnauthorized: false });
    sockets.push(secured);
    await once(secured, "secureConnect");
    expect(await answerTo(secured, "hello")).toBe("hello\n");
  });

  it("outlives handshakes that are broken off, and connections cut without a farewell", async () => {
    await listenTls();
    for (let i = 0; i < 20; i++) {
      const socket = await open();
      // The beginning of a ClientHello.
      socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]));
      socket.destroy();
    }
    const underneath = await open();
    const cut = connectTls({ socket: underneath, rejectUnauthorized: false });
    cut.on("error", () => {});
    await once(cut, "secureConnect");
    cut.write("half a li");
    underneath.destroy();
    const secured = connectTls({ port: listener!.port, host: "127.0.0.1", rejectUnauthorized: false });
    sockets.push(secured);
    await once(secured, "secureConnect");
    expect(await answerTo(secured, "hello")).toBe("hello\n");
  });

  it("stops while handshakes are under way", async () => {
    await listenTls();
    const socket = await open();
    socket.write(Buffer.from([0x16, 0x03, 0x01]));
    await listener!.stop(1_000);
    await cutOff(socket);
  });
});
