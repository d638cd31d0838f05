import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { describeReceiver } from "../../testing/receiver-contract.ts";
import { registerGelfHttp } from "./http.ts";

const rejectedIn = (answer: string) => (JSON.parse(answer) as { rejected: number }).rejected;

describeReceiver("GELF over HTTP", {
  saysWhen: true,
  isOnThreads: true,
  async start(context) {
    const { url, stop } = await listenWith(registerGelfHttp, context);
    const post = (lines: readonly string[]) => postForAnswer(`${url}/gelf`, lines.join("\n"), { rejectedIn });
    const messages = (texts: readonly string[]) =>
      texts.map((short_message) =>
        JSON.stringify({ version: "1.1", host: "web-1", short_message, level: 6 }),
      );
    return {
      send: (texts) => post(messages(texts)),
      sendPartlyBad: (texts) => post([...messages(texts), "oops"]),
      sendWhollyBad: () => post(['{"version":"1.1"}']),
      stop,
    };
  },
});
