import type { Conversation, Peer } from "../listeners/conversation.ts";
import type { NetworkReceiver, NetworkReceiverOptions } from "../listeners/network-receiver.ts";
import { createRecordQueue, type RecordQueue } from "../listeners/record-queue.ts";
import { listenTcpAndUdp } from "../listeners/tcp-and-udp.ts";
import type { Listener, TcpListenerOptions } from "../listeners/tcp-listener.ts";
import { listenTcp } from "../listeners/tcp-listener.ts";
import type { ReceiverContext } from "../receiver.ts";
import { createSyslogDecoder, type SyslogDecoder } from "./decoder.ts";
import { SyslogFraming } from "./framing.ts";

/** The name with the records, whichever way they came. */
const RECEIVER = "syslog";

/**
 * Syslog over UDP and TCP on one port, or over TLS.
 *
 * Nothing is acknowledged, as the protocol has no way to: a TCP sender is paused while what it sends for has its
 * share of the queue filled, and a datagram that comes meanwhile is dropped and counted.
 *
 * Source: RFC 5426 (UDP), RFC 6587 (TCP), RFC 5425 (TLS).
 *
 * @example
 * const receiver = await startSyslog(context, { host: "127.0.0.1", port: 514 });
 * await receiver.stop(5_000);
 */
export async function startSyslog(
  context: ReceiverContext,
  { host, port, tls, limits = {} }: NetworkReceiverOptions,
): Promise<NetworkReceiver> {
  const queue = createRecordQueue({ receiver: RECEIVER, context });
  const decode = createSyslogDecoder();
  const options: TcpListenerOptions = {
    ...{ receiver: RECEIVER, context, host, port, tls, limits },
    readsOnAtStop: true,
    protocol: (peer) => converse(peer, { queue, decode, context }),
  };
  const listener: Listener =
    tls === undefined
      ? await listenTcpAndUdp(options, (bytes, address) => {
          takeDatagram(bytes, address, { queue, decode, context });
        })
      : await listenTcp(options);
  return {
    endpoints:
      tls === undefined
        ? [
            { transport: "udp", port: listener.port },
            { transport: "tcp", port: listener.port },
          ]
        : [{ transport: "tls", port: listener.port }],
    async stop(grace) {
      await listener.stop(grace);
      await queue.stop(grace);
    },
  };
}

interface Intake {
  readonly queue: RecordQueue;
  readonly decode: SyslogDecoder;
  readonly context: ReceiverContext;
}

function converse({ address }: Peer, { queue, decode, context }: Intake): Conversation {
  let completed = 0;
  let now = 0n;
  const feed = queue.feed();
  const framing = new SyslogFraming((text, bytes, cutBytes) => {
    completed++;
    feed.add(decode(text, { address, now, cutBytes }), bytes);
  });
  return {
    take(chunk) {
      now = context.now();
      framing.push(chunk);
      return feed.room();
    },
    end() {
      now = context.now();
      framing.end();
    },
    get heldBytes() {
      return framing.heldBytes;
    },
    get completed() {
      return completed;
    },
  };
}

function takeDatagram(bytes: Buffer, address: string, { queue, decode, context }: Intake): void {
  const text = bytes.toString("utf8").replace(/[\r\n\0]+$/, "");
  if (text === "") return;
  const record = decode(text, { address, now: context.now() });
  if (!queue.offer(record, bytes.length)) context.counters.rejected(RECEIVER, 1, "full");
}
