import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import type { ReceiverContext } from "../receiver.ts";
import { registerElasticsearch } from "./receiver.ts";

const NDJSON = { "content-type": "application/x-ndjson" };

const linesOf = (texts: readonly string[]) =>
  texts.map((message) => `{"create":{}}\n${JSON.stringify({ message })}\n`).join("");

function rejectedIn(answer: string): number {
  const { items } = JSON.parse(answer) as { items: Record<string, { status: number }>[] };
  return items.filter((item) => Object.values(item)[0]!.status >= 300).length;
}

async function start(context: ReceiverContext): Promise<ReceiverUnderTest> {
  const { url, stop } = await listenWith(registerElasticsearch, context);
  const post = (body: string) => postForAnswer(`${url}/logs/_bulk`, body, { headers: NDJSON, rejectedIn });
  return {
    send: (texts) => post(linesOf(texts)),
    sendPartlyBad: (texts) => post(`{"index":{}}\noops\n${linesOf(texts)}`),
    sendWhollyBad: () => post("\x08hello"),
    stop,
  };
}

describeReceiver("Elasticsearch bulk", {
  ...{ start, saysWhen: true, isOnThreads: true },
  // Beats send a request again, and for ever, that is refused as a whole.
  acknowledgesUnstorable: true,
});
