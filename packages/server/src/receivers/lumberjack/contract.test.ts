import type { Socket } from "node:net";
import { acknowledged, type LumberjackWindow, windowOf } from "../../testing/lumberjack-client.ts";
import { connectTo, stopOnce, write } from "../../testing/network-client.ts";
import { type Answer, describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import { watchContext } from "../../testing/watched-context.ts";
import type { ReceiverContext } from "../receiver.ts";
import { startLumberjack } from "./receiver.ts";

/** Each request on a connection of its own: one that is refused ends its connection. */
function sending(options: LumberjackWindow, eventOf: (text: string) => object) {
  return async (given: ReceiverContext): Promise<ReceiverUnderTest> => {
    const { context, takeRejected, refusal } = watchContext(given);
    const receiver = await startLumberjack(context, { host: "127.0.0.1", port: 0 });

    async function send(bytes: Buffer, sequence: number): Promise<Answer> {
      const socket: Socket = await connectTo(receiver);
      try {
        const answer = acknowledged(socket, sequence);
        await write(socket, bytes);
        await answer;
        return { kind: "accepted", rejected: takeRejected() };
      } catch {
        return await refusal();
      } finally {
        socket.destroy();
      }
    }
    return {
      send: (texts) => send(windowOf(texts.map(eventOf), options), texts.length),
      ...(options.version === 2
        ? {
            sendPartlyBad: (texts: readonly string[]) =>
              send(windowOf(["{", ...texts.map(eventOf)], options), texts.length + 1),
          }
        : {}),
      sendWhollyBad: () => send(Buffer.from("hello there"), 1),
      stop: stopOnce(receiver),
    };
  };
}

const contract = { saysWhen: false, acknowledgesUnstorable: true } as const;

describeReceiver("Lumberjack version 2", {
  start: sending({ version: 2 }, (message) => ({ message })),
  ...contract,
});
describeReceiver("Lumberjack version 2, compressed", {
  start: sending({ version: 2, isCompressed: true }, (message) => ({ message })),
  ...contract,
});
describeReceiver("Lumberjack version 1", {
  start: sending({ version: 1 }, (line) => ({ line })),
  ...contract,
});
