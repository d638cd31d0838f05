import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { describeReceiver } from "../../testing/receiver-contract.ts";
import { registerOtlpHttp } from "../otlp/http.ts";
import { auralogsOnLogsPath, registerAuralogsSingle } from "./receiver.ts";

const rejectedIn = (answer: string) => (JSON.parse(answer) as { rejected: number }).rejected;

for (const kind of ["batches", "single entries"] as const) {
  describeReceiver(`Auralogs, ${kind}`, {
    saysWhen: true,
    async start(context) {
      const { url, stop } = await listenWith((app) => {
        registerOtlpHttp(app, context, [auralogsOnLogsPath(context)]);
        registerAuralogsSingle(app, context);
      }, context);
      const headers = { "content-type": "application/json" };
      const isBatch = kind === "batches";
      const post = (body: unknown) =>
        postForAnswer(`${url}/v1/logs${isBatch ? "" : "/single"}`, JSON.stringify(body), {
          headers,
          rejectedIn,
        });
      const entries = (texts: readonly string[]) => texts.map((message) => ({ level: "info", message }));
      return {
        send: (texts) => post({ projectApiKey: "key", logs: entries(texts) }),
        sendPartlyBad: (texts) =>
          post({ projectApiKey: "key", logs: [{ level: "info" }, ...entries(texts)] }),
        sendWhollyBad: () => post({ projectApiKey: "key" }),
        stop,
      };
    },
  });
}
