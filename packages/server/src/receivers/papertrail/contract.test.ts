import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import type { ReceiverContext } from "../receiver.ts";
import { registerPapertrail } from "./receiver.ts";

const lineOf = (text: string) => `<134>1 2025-11-21T10:41:07Z web-1 shop - - - ${text}`;

async function start(context: ReceiverContext): Promise<ReceiverUnderTest> {
  const { url, stop } = await listenWith(registerPapertrail, context);
  return {
    send: (texts) => postForAnswer(`${url}/v1/logs/bulk`, texts.map(lineOf).join("\n")),
    // Any text is a line: only what can't be decompressed is none.
    sendWhollyBad: () =>
      postForAnswer(`${url}/v1/logs/bulk`, "\x08hello", { headers: { "content-encoding": "gzip" } }),
    stop,
  };
}

describeReceiver("Papertrail over HTTPS", { start, saysWhen: true, isOnThreads: true });
