import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { type Answer, describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import type { ReceiverContext } from "../receiver.ts";
import { registerLoki } from "./receiver.ts";
import { compressSnappy, pushJson, pushRequest } from "./testing/push-request.ts";

const PROTOBUF = { headers: { "content-type": "application/x-protobuf" } };
const JSON_TYPE = { headers: { "content-type": "application/json" } };

const entriesOf = (texts: readonly string[]) => texts.map((line) => ({ line }));

async function startProtobuf(context: ReceiverContext): Promise<ReceiverUnderTest> {
  const { url, stop } = await listenWith(registerLoki, context);
  const post = (body: Buffer<ArrayBuffer>) => postForAnswer(`${url}/loki/api/v1/push`, body, PROTOBUF);
  return {
    send: (texts) => post(compressSnappy(pushRequest('{job="shop"}', entriesOf(texts)))),
    sendWhollyBad: () => post(Buffer.from("\x08hello")),
    stop,
  };
}

async function startJson(context: ReceiverContext): Promise<ReceiverUnderTest> {
  const { url, stop } = await listenWith(registerLoki, context);
  const post = (body: string) => postForAnswer(`${url}/loki/api/v1/push`, body, JSON_TYPE);
  const json = (texts: readonly string[]) => pushJson({ job: "shop" }, entriesOf(texts));
  return {
    send: (texts) => post(json(texts)),
    sendPartlyBad: async (texts) => asPartial(await post(json(texts).replace("[[", '[["noon","bad"],['))),
    sendWhollyBad: () => post("\x08hello"),
    stop,
  };
}

/** Loki refuses what is good in part, and says how much was. */
function asPartial(answer: Answer): Answer {
  const found = answer.kind === "refused" && /^(\d+) of \d+ .* [1-9]\d* are stored/.exec(answer.message);
  return found ? { kind: "accepted", rejected: Number(found[1]) } : answer;
}

describeReceiver("Loki push in protobuf", { start: startProtobuf, saysWhen: true, isOnThreads: true });
describeReceiver("Loki push in JSON", { start: startJson, saysWhen: true, isOnThreads: true });
