import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { describeReceiver } from "../../testing/receiver-contract.ts";
import { registerScalyr } from "./receiver.ts";

const rejectedIn = (answer: string) => (JSON.parse(answer) as { rejected: number }).rejected;

describeReceiver("Scalyr, addEvents", {
  saysWhen: true,
  // The agent sends again, and for ever, what is answered with any error but a few.
  acknowledgesUnstorable: true,
  async start(context) {
    const { url, stop } = await listenWith(registerScalyr, context);
    const post = (events: unknown) =>
      postForAnswer(`${url}/api/addEvents`, JSON.stringify({ token: "key", session: "s1", events }), {
        rejectedIn,
      });
    const eventsOf = (texts: readonly string[]) =>
      texts.map((message) => ({ ts: "1795257667000000000", attrs: { message } }));
    return {
      send: (texts) => post(eventsOf(texts)),
      sendPartlyBad: (texts) => post([...eventsOf(texts), "oops"]),
      sendWhollyBad: () => post("none"),
      stop,
    };
  },
});

describeReceiver("Scalyr, uploadLogs", {
  saysWhen: true,
  isOnThreads: true,
  async start(context) {
    const { url, stop } = await listenWith(registerScalyr, context);
    return {
      send: (texts) => postForAnswer(`${url}/api/uploadLogs?token=key&host=web-1`, texts.join("\n")),
      sendWhollyBad: () => postForAnswer(`${url}/api/addEvents`, "a line"),
      stop,
    };
  },
});
