import { connectTo, stopOnce, write } from "../../testing/network-client.ts";
import { type Answer, describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import { logCall, readReply, type ScribeForm } from "../../testing/scribe-client.ts";
import { watchContext } from "../../testing/watched-context.ts";
import type { ReceiverContext } from "../receiver.ts";
import { startScribe } from "./receiver.ts";

function calling(form: ScribeForm) {
  return async (given: ReceiverContext): Promise<ReceiverUnderTest> => {
    const { context, takeRejected, refusal } = watchContext(given);
    const receiver = await startScribe(context, { host: "127.0.0.1", port: 0 });

    async function send(call: Buffer): Promise<Answer> {
      const socket = await connectTo(receiver);
      const reply = new Promise<Buffer | undefined>((resolve) => {
        socket.once("data", resolve);
        socket.once("close", () => resolve(undefined));
      });
      await write(socket, call);
      const bytes = await reply;
      socket.destroy();
      if (bytes === undefined) return refusal();
      const rejected = takeRejected();
      const result = readReply(bytes, form);
      if (result === 1) return { kind: "retry", afterSeconds: null };
      return result === 0 ? { kind: "accepted", rejected } : { kind: "refused", message: String(result) };
    }
    return {
      send: (texts) =>
        send(
          logCall(
            texts.map((message) => ({ category: "app", message })),
            form,
          ),
        ),
      sendWhollyBad: () => send(Buffer.from("\x80hello there")),
      stop: stopOnce(receiver),
    };
  };
}

const contract = { saysWhen: false, acknowledgesUnstorable: true } as const;

describeReceiver("Scribe in frames", { start: calling({ isFramed: true, isStrict: true }), ...contract });
describeReceiver("Scribe without frames", {
  start: calling({ isFramed: false, isStrict: true }),
  ...contract,
});
describeReceiver("Scribe in frames, old form", {
  start: calling({ isFramed: true, isStrict: false }),
  ...contract,
});
describeReceiver("Scribe without frames, old form", {
  start: calling({ isFramed: false, isStrict: false }),
  ...contract,
});
