import type { AddressInfo } from "node:net";
import fastify from "fastify";
import { closeApp } from "../../http/close.ts";
import { type Answer, describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import type { ReceiverContext } from "../receiver.ts";
import { registerJsonl } from "./receiver.ts";

/** Milliseconds. */
const GRACE = 5_000;

async function start(context: ReceiverContext): Promise<ReceiverUnderTest> {
  const app = fastify();
  registerJsonl(app, context);
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as AddressInfo;
  let stopped: Promise<void> | undefined;

  async function post(lines: readonly string[]): Promise<Answer> {
    const body = lines.join("\n");
    const response = await fetch(`http://127.0.0.1:${port}/v1/jsonl`, { method: "POST", body });
    const answer = (await response.json()) as { rejected: number; message: string };
    if (response.status === 200) return { kind: "accepted", rejected: answer.rejected };
    const retryAfter = response.headers.get("retry-after");
    return response.status === 429 || response.status === 503
      ? { kind: "retry", afterSeconds: retryAfter === null ? null : Number(retryAfter) }
      : { kind: "refused", message: answer.message };
  }

  const linesOf = (texts: readonly string[]) => texts.map((message) => JSON.stringify({ message }));
  return {
    send: (texts) => post(linesOf(texts)),
    sendPartlyBad: (texts) => post(["oops", ...linesOf(texts)]),
    sendWhollyBad: () => post(["\x08hello"]),
    stop: () => {
      stopped ??= closeApp(app, GRACE);
      return stopped;
    },
  };
}

describeReceiver("JSON lines", { start, saysWhen: true, isOnThreads: true });
