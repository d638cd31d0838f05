import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { describeReceiver } from "../../testing/receiver-contract.ts";
import { registerZipkin } from "./receiver.ts";

const rejectedIn = (answer: string) => (JSON.parse(answer) as { rejected: number }).rejected;
const TRACE = "0af7651916cd43dd8448eb211c80319c";

describeReceiver("Zipkin", {
  saysWhen: true,
  isOnThreads: true,
  textsIn: (intake) => intake.spans.map((span) => span.name),
  async start(context) {
    const { url, stop } = await listenWith(registerZipkin, context);
    const post = (spans: unknown) =>
      postForAnswer(`${url}/api/v2/spans`, JSON.stringify(spans), { rejectedIn });
    const spansOf = (texts: readonly string[]) =>
      texts.map((name) => ({ traceId: TRACE, id: "b7ad6b7169203331", name }));
    return {
      send: (texts) => post(spansOf(texts)),
      sendPartlyBad: (texts) => post([{ name: "no ids" }, ...spansOf(texts)]),
      sendWhollyBad: () => post([{ name: "no ids" }]),
      stop,
    };
  },
});
