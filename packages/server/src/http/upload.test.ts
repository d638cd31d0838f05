import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { registerJournald } from "../receivers/journald/receiver.ts";
import { registerJsonl } from "../receivers/jsonl/receiver.ts";
import { silentLog } from "../store/testing/store.ts";
import { capturingIntake, receiverContext } from "../testing/capturing-intake.ts";
import { createApp } from "./app.ts";
import { beginUpload, type Upload } from "./upload.ts";

/** Milliseconds that a request has. */
const TIME = 1500;
/** Of a part. */
const RECORDS = 20_000;

let app: FastifyInstance | undefined;
let server: Server | undefined;
let socket: Socket;
afterEach(async () => {
  socket.destroy();
  server?.close();
  await app?.close();
  [app, server] = [undefined, undefined];
});

async function begin(port: number, path: string): Promise<Socket> {
  socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => {});
  socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n`);
  return socket;
}

const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

function answer(): Promise<string> {
  let text = "";
  socket.on("data", (bytes: Buffer) => {
    text += bytes.toString();
  });
  return new Promise((resolve) => {
    socket.on("data", () => text.includes("\r\n\r\n") && resolve(text));
    socket.on("close", () => resolve(text));
  });
}

describe.each([
  ["/v1/jsonl", '{"msg":"a"}\n', 200],
  ["/upload", "MESSAGE=a\n\n", 202],
])("a request to %s", (path, record, status) => {
  async function start() {
    const intake = capturingIntake();
    app = createApp({ authToken: null, log: silentLog, requestTime: TIME });
    for (const register of [registerJsonl, registerJournald]) register(app, receiverContext(intake));
    await app.listen({ port: 0, host: "127.0.0.1" });
    await begin((app.server.address() as AddressInfo).port, path);
    return intake;
  }

  it("takes as long as it takes once a part of it is stored", async () => {
    const intake = await start();
    const answered = answer();
    socket.write(chunk(record.repeat(RECORDS)));
    await expect.poll(() => intake.logs.length).toBe(RECORDS);
    const begun = performance.now();
    await expect.poll(() => performance.now() - begun, { timeout: 20_000 }).toBeGreaterThan(2 * TIME);
    socket.write(`${chunk(record)}0\r\n\r\n`);
    expect(await answered).toContain(`HTTP/1.1 ${status} `);
    expect(intake.logs).toHaveLength(RECORDS + 1);
  });

  it("is cut off before that, and told so", async () => {
    const intake = await start();
    socket.write(chunk(record));
    expect(await answer()).toMatch(/^HTTP\/1.1 408 .*did not arrive in time/s);
    expect(intake.logs).toEqual([]);
  });
});

describe("an upload", () => {
  const pace = { every: 300, bytes: 100 };

  /** @param during what is done with it once its head is there */
  async function start(during: (upload: Upload) => void): Promise<void> {
    const listener = (request: IncomingMessage, _response: ServerResponse): void => {
      const upload = beginUpload(request, pace);
      request.on("data", (bytes: Buffer) => upload.count(bytes.length)).on("error", () => {});
      during(upload);
    };
    server = createServer(listener).listen(0, "127.0.0.1");
    await once(server, "listening");
    await begin((server.address() as AddressInfo).port, "/");
  }

  it("that does not come on is cut off", async () => {
    await start(() => {});
    const drip = setInterval(() => socket.write(chunk("x")), 10);
    await once(socket, "close").finally(() => clearInterval(drip));
  });

  it("that comes on is not, nor one that waits for us", async () => {
    let go = (): void => {};
    let held: Upload | undefined;
    await start((upload) => {
      held = upload;
    });
    const begun = performance.now();
    const flow = setInterval(() => socket.write(chunk("x".repeat(20))), 10);
    await expect.poll(() => performance.now() - begun).toBeGreaterThan(4 * pace.every);
    clearInterval(flow);
    const waiting = held?.hold(new Promise<void>((resolve) => (go = resolve)));
    await expect.poll(() => performance.now() - begun).toBeGreaterThan(8 * pace.every);
    expect(socket.readyState).toBe("open");
    go();
    await waiting;
    await once(socket, "close");
  });
});
