import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import type { ReceiverContext } from "../receiver.ts";
import { registerSplunk } from "./receiver.ts";

const eventsOf = (texts: readonly string[]) => texts.map((event) => JSON.stringify({ event })).join("");

async function start(context: ReceiverContext): Promise<ReceiverUnderTest> {
  const { url, stop } = await listenWith(registerSplunk, context);
  const post = async (path: string, body: string) => {
    const answer = await postForAnswer(`${url}/services/collector${path}`, body);
    // HEC has no word for a request that is good in part.
    const { accepted = 0, rejected = 0 } = answer.kind === "refused" ? JSON.parse(answer.message) : {};
    return accepted > 0 ? ({ kind: "accepted", rejected } as const) : answer;
  };
  return {
    send: (texts) => post("/event", eventsOf(texts)),
    sendPartlyBad: (texts) => post("/event", `${eventsOf(["one"])}{"event":""}${eventsOf(texts.slice(1))}`),
    sendWhollyBad: () => post("/event", "\x08hello"),
    stop,
  };
}

async function startRaw(context: ReceiverContext): Promise<ReceiverUnderTest> {
  const { url, stop } = await listenWith(registerSplunk, context);
  const send = (texts: readonly string[]) =>
    postForAnswer(`${url}/services/collector/raw`, texts.join("\r\n"));
  return { send, stop };
}

describeReceiver("Splunk HEC events", { start, saysWhen: true, isOnThreads: true });
describeReceiver("Splunk HEC raw", { start: startRaw, saysWhen: true, isOnThreads: true });
