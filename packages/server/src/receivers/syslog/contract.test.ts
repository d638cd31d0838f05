import { createSocket } from "node:dgram";
import { connectTo, portOf, stopOnce, write } from "../../testing/network-client.ts";
import { describeReceiver, type ReceiverUnderTest } from "../../testing/receiver-contract.ts";
import type { ReceiverContext } from "../receiver.ts";
import { startSyslog } from "./receiver.ts";

const lineOf = (text: string) => `<13>1 2026-11-21T10:41:07Z web-1 app - - - ${text}`;

function overTcp(frame: (text: string) => string) {
  return async (context: ReceiverContext): Promise<ReceiverUnderTest> => {
    const receiver = await startSyslog(context, { host: "127.0.0.1", port: 0 });
    const socket = await connectTo(receiver);
    return {
      async send(texts) {
        await write(socket, texts.map((text) => frame(lineOf(text))).join(""));
        return { kind: "sent" };
      },
      stop: stopOnce(receiver),
    };
  };
}

async function overUdp(context: ReceiverContext): Promise<ReceiverUnderTest> {
  const receiver = await startSyslog(context, { host: "127.0.0.1", port: 0 });
  const socket = createSocket("udp4").unref();
  return {
    async send(texts) {
      for (const text of texts) socket.send(lineOf(text), portOf(receiver), "127.0.0.1");
      return { kind: "sent" };
    },
    stop: stopOnce(receiver),
  };
}

const oneWay = { saysWhen: false, isOneWay: true } as const;

describeReceiver("syslog over TCP in lines", { start: overTcp((line) => `${line}\n`), ...oneWay });
describeReceiver("syslog over TCP, octets counted", {
  start: overTcp((line) => `${Buffer.byteLength(line)} ${line}`),
  ...oneWay,
});
describeReceiver("syslog over UDP", { start: overUdp, ...oneWay });
