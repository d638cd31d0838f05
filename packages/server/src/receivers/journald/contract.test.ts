import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { describeReceiver } from "../../testing/receiver-contract.ts";
import { registerJournald } from "./receiver.ts";

describeReceiver("journald", {
  saysWhen: true,
  // Its sender would begin again at what it had sent before, for ever.
  acknowledgesUnstorable: true,
  async start(context) {
    const { url, stop } = await listenWith(registerJournald, context);
    const post = (body: string) =>
      postForAnswer(`${url}/upload`, body, {
        headers: { "content-type": "application/vnd.fdo.journal" },
        rejectedIn: (answer) => Number(/^OK, but (\d+) of \d+ /.exec(answer)?.[1] ?? 0),
      });
    return {
      send: (texts) => post(texts.map((text) => `MESSAGE=${text}\nPRIORITY=6\n\n`).join("")),
      sendWhollyBad: () => post("=no name\n"),
      stop,
    };
  },
});
