import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import type { ReceiverContext } from "../receiver.ts";
import { registerDatadog } from "./receiver.ts";

const logsOf = (texts: readonly string[]) => texts.map((message) => ({ message, status: "info" }));

function startAt(path: string) {
  return async (context: ReceiverContext): Promise<ReceiverUnderTest> => {
    const { url, stop } = await listenWith(registerDatadog, context);
    const post = async (body: string) => {
      const answer = await postForAnswer(url + path, body, {
        headers: { "content-type": "application/json" },
      });
      // Datadog refuses what is good in part, and the refusal says how much was.
      const found = answer.kind === "refused" && /(\d+) of \d+ .* [1-9]\d* are stored/.exec(answer.message);
      return found ? ({ kind: "accepted", rejected: Number(found[1]) } as const) : answer;
    };
    return {
      send: (texts) => post(JSON.stringify(logsOf(texts))),
      sendPartlyBad: (texts) => post(JSON.stringify(["bad", ...logsOf(texts)])),
      sendWhollyBad: () => post("\x08hello"),
      stop,
    };
  };
}

describeReceiver("Datadog v2", { start: startAt("/api/v2/logs"), saysWhen: true, isOnThreads: true });
describeReceiver("Datadog v1", { start: startAt("/v1/input"), saysWhen: true, isOnThreads: true });
