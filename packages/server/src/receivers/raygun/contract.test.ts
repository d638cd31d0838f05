import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { describeReceiver } from "../../testing/receiver-contract.ts";
import { registerRaygun } from "./receiver.ts";

const rejectedIn = (answer: string) => (JSON.parse(answer) as { rejected: number }).rejected;

describeReceiver("Raygun", {
  saysWhen: true,
  isOnThreads: true,
  async start(context) {
    const { url, stop } = await listenWith(registerRaygun, context);
    const post = (entries: unknown) =>
      postForAnswer(`${url}/entries/bulk`, JSON.stringify(entries), {
        headers: { "x-apikey": "key" },
        rejectedIn,
      });
    const entries = (texts: readonly string[]) =>
      texts.map((message) => ({ occurredOn: "2026-11-21T10:41:07.123Z", details: { error: { message } } }));
    return {
      send: (texts) => post(entries(texts)),
      sendPartlyBad: (texts) => post([{ details: {} }, ...entries(texts)]),
      sendWhollyBad: () => post([{ details: {} }]),
      stop,
    };
  },
});
