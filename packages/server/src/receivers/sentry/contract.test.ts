import { listenWith, postForAnswer } from "../../testing/http-receiver.ts";
import { describeReceiver } from "../../testing/receiver-contract.ts";
import { registerSentry } from "./receiver.ts";

const lines = (...values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join("\n");

describeReceiver("Sentry's logs", {
  saysWhen: true,
  async start(context) {
    const { url, stop } = await listenWith(registerSentry, context);
    const post = (items: readonly unknown[]) =>
      postForAnswer(
        `${url}/api/1/envelope/?sentry_key=key`,
        lines({}, { type: "log", item_count: items.length }, { items }),
      );
    const logs = (texts: readonly string[]) =>
      texts.map((body) => ({ timestamp: 1795257667.123, level: "info", body }));
    return { send: (texts) => post(logs(texts)), sendWhollyBad: () => post([7]), stop };
  },
});

describeReceiver("Sentry's events", {
  saysWhen: true,
  async start(context) {
    const { url, stop } = await listenWith(registerSentry, context);
    const post = (body: string) =>
      postForAnswer(`${url}/api/1/envelope/`, body, {
        headers: { "x-sentry-auth": "Sentry sentry_key=key" },
      });
    return {
      send: (texts) => post(lines({}, ...texts.flatMap((message) => [{ type: "event" }, { message }]))),
      sendWhollyBad: () => post("no envelope"),
      stop,
    };
  },
});

describeReceiver("Sentry's transactions", {
  saysWhen: true,
  textsIn: (intake) => intake.spans.map((span) => span.name),
  async start(context) {
    const { url, stop } = await listenWith(registerSentry, context);
    const trace = { trace_id: "0af7651916cd43dd8448eb211c80319c", span_id: "b7ad6b7169203331" };
    const post = (body: string) => postForAnswer(`${url}/api/1/envelope`, body);
    return {
      send: (texts) =>
        post(
          lines(
            {},
            ...texts.flatMap((transaction) => [
              { type: "transaction" },
              { transaction, contexts: { trace } },
            ]),
          ),
        ),
      sendWhollyBad: () => post(lines({}, { type: "transaction" }, { transaction: "without ids" })),
      stop,
    };
  },
});
