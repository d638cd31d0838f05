import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import type { ReceiverContext } from "../receiver.ts";
import { registerText } from "./receiver.ts";

async function start(context: ReceiverContext): Promise<ReceiverUnderTest> {
  const { url, stop } = await listenWith(registerText, context);
  return {
    send: (texts) => postForAnswer(`${url}/v1/text`, texts.join("\n")),
    // Any text is a line: only what can't be decompressed is none.
    sendWhollyBad: () =>
      postForAnswer(`${url}/v1/text`, "\x08hello", { headers: { "content-encoding": "gzip" } }),
    stop,
  };
}

describeReceiver("plain text", { start, saysWhen: true, isOnThreads: true });
