import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import type { ReceiverContext } from "../receiver.ts";
import { registerLoggly } from "./receiver.ts";

async function start(context: ReceiverContext): Promise<ReceiverUnderTest> {
  const { url, stop } = await listenWith(registerLoggly, context);
  return {
    send: (texts) => postForAnswer(`${url}/bulk/TOKEN/tag/http/`, texts.join("\n")),
    // Any text is an event: only what can't be decompressed is none.
    sendWhollyBad: () =>
      postForAnswer(`${url}/bulk/TOKEN`, "\x08hello", { headers: { "content-encoding": "gzip" } }),
    stop,
  };
}

describeReceiver("Loggly bulk", { start, saysWhen: true, isOnThreads: true });
