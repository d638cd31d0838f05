import { createSocket } from "node:dgram";
import { connectTo, portOf, stopOnce, write } from "../../testing/network-client.ts";
import { describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import type { ReceiverContext } from "../receiver.ts";
import { startGelf } from "./receiver.ts";

const messageOf = (text: string) => JSON.stringify({ version: "1.1", host: "web-1", short_message: text });

async function overTcp(context: ReceiverContext): Promise<ReceiverUnderTest> {
  const receiver = await startGelf(context, { host: "127.0.0.1", port: 0 });
  const socket = await connectTo(receiver);
  const send = async (...messages: string[]) => {
    await write(socket, messages.map((message) => `${message}\0`).join(""));
    return { kind: "sent" } as const;
  };
  return {
    send: (texts) => send(...texts.map(messageOf)),
    sendPartlyBad: (texts) => send("{", ...texts.map(messageOf)),
    sendWhollyBad: () => send("hello"),
    stop: stopOnce(receiver),
  };
}

async function overUdp(context: ReceiverContext): Promise<ReceiverUnderTest> {
  const receiver = await startGelf(context, { host: "127.0.0.1", port: 0 });
  const socket = createSocket("udp4").unref();
  const send = async (...messages: string[]) => {
    for (const message of messages) socket.send(message, portOf(receiver), "127.0.0.1");
    return { kind: "sent" } as const;
  };
  return {
    send: (texts) => send(...texts.map(messageOf)),
    sendPartlyBad: (texts) => send("{", ...texts.map(messageOf)),
    sendWhollyBad: () => send("hello"),
    stop: stopOnce(receiver),
  };
}

describeReceiver("GELF over TCP", { start: overTcp, saysWhen: false, isOneWay: true });
describeReceiver("GELF over UDP", { start: overUdp, saysWhen: false, isOneWay: true });
