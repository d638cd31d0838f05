import type { AddressInfo } from "node:net";
import fastify, { type FastifyInstance } from "fastify";
import { closeApp } from "../http/close.ts";
import type { ReceiverContext } from "../receivers/receiver.ts";
import type { Answer } from "./receiver-contract.ts";

/** Milliseconds. */
const GRACE = 5_000;

/** A server on a free port with nothing but one protocol. */
export interface HttpReceiver {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Finishes what is under way; the second call waits for the first. */
  stop(): Promise<void>;
}

export async function listenWith(
  register: (app: FastifyInstance, context: ReceiverContext) => void,
  context: ReceiverContext,
): Promise<HttpReceiver> {
  const app = fastify();
  register(app, context);
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as AddressInfo;
  let stopped: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      stopped ??= closeApp(app, GRACE);
      return stopped;
    },
  };
}

/** Posts a body, and tells the answer in the contract's terms. */
export async function postForAnswer(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  {
    headers = {},
    rejectedIn = () => 0,
  }: {
    readonly headers?: Record<string, string>;
    /** The count of rejected records in the text of an answer that says that all is well. */
    readonly rejectedIn?: (answer: string) => number;
  } = {},
): Promise<Answer> {
  const response = await fetch(url, { method: "POST", headers, body });
  const text = await response.text();
  if (response.ok) return { kind: "accepted", rejected: rejectedIn(text) };
  if (response.status === 429 || response.status === 503) {
    const retryAfter = response.headers.get("retry-after");
    return { kind: "retry", afterSeconds: retryAfter === null ? null : Number(retryAfter) };
  }
  return { kind: "refused", message: text };
}
