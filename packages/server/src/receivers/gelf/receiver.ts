import { PolylogError } from "../../errors.ts";
import { reasonOf } from "../../intake/refusal.ts";
import type { LogRecord } from "../../record/record.ts";
import type { Conversation } from "../listeners/conversation.ts";
import { decompress, decompressNow, isGzip, isZlib } from "../listeners/inflate.ts";
import type { NetworkReceiver, NetworkReceiverOptions } from "../listeners/network-receiver.ts";
import { createRecordQueue, type Feed, type RecordQueue } from "../listeners/record-queue.ts";
import { listenTcpAndUdp } from "../listeners/tcp-and-udp.ts";
import type { ReceiverContext } from "../receiver.ts";
import { ChunkAssembler, isChunk } from "./chunks.ts";
import { createGelfDecoder, type GelfDecoder } from "./decoder.ts";
import { NulFraming } from "./framing.ts";

/** The name with the records, whichever way they came. */
const RECEIVER = "gelf";
/** Bytes of one message, decompressed. */
const MAX_MESSAGE_BYTES = 2 << 20;
/** What a compressed message comes to mostly. */
const SMALL_MESSAGE_BYTES = 256 << 10;
/** Larger ones that are decompressed at a time; each may take {@link MAX_MESSAGE_BYTES}. */
const MAX_INFLATING = 16;
/** Milliseconds between two looks for messages whose chunks never came. */
const EXPIRY_INTERVAL = 1_000;

/**
 * GELF over UDP (plain, gzip or zlib, in chunks) and over TCP (each message ends with a NUL) on one port. With a
 * certificate TCP speaks TLS.
 *
 * Nothing is acknowledged, as the protocol has no way to: a TCP sender is paused while what it sends for has its
 * share of the queue filled, and a datagram that comes meanwhile is dropped and counted.
 *
 * Source: Graylog, "GELF via UDP", "GELF via TCP".
 *
 * @example
 * const receiver = await startGelf(context, { host: "127.0.0.1", port: 12201 });
 */
export async function startGelf(
  context: ReceiverContext,
  { host, port, tls, limits = {} }: NetworkReceiverOptions,
): Promise<NetworkReceiver> {
  const queue = createRecordQueue({ receiver: RECEIVER, context });
  const decode = createGelfDecoder();
  const read: ReadMessage = (message, add) => readMessage(decode(message, context.now()), add, context);
  const datagrams = takeDatagrams(read, queue, context);
  const listener = await listenTcpAndUdp(
    {
      ...{ receiver: RECEIVER, context, host, port, tls, limits },
      readsOnAtStop: true,
      protocol: () => converse(read, queue.feed()),
    },
    datagrams.take,
  );
  return {
    endpoints: [
      { transport: "udp", port: listener.port },
      { transport: tls === undefined ? "tcp" : "tls", port: listener.port },
    ],
    async stop(grace) {
      await listener.stop(grace);
      await datagrams.stop();
      await queue.stop(grace);
    },
  };
}

type ReadMessage = (message: Buffer, add: (record: LogRecord) => void) => void;

function readMessage(
  decoded: ReturnType<GelfDecoder>,
  add: (record: LogRecord) => void,
  { counters, log }: ReceiverContext,
): void {
  if ("record" in decoded) add(decoded.record);
  else {
    counters.rejected(RECEIVER, 1, "malformed");
    log.debug("a GELF message is none", { reason: decoded.reason });
  }
}

function converse(read: ReadMessage, feed: Feed): Conversation {
  let completed = 0;
  const framing = new NulFraming(MAX_MESSAGE_BYTES, (message) => {
    completed++;
    read(message, (record) => feed.add(record, message.length));
  });
  return {
    take(chunk) {
      framing.push(chunk);
      return feed.room();
    },
    end: () => framing.end(),
    get heldBytes() {
      return framing.heldBytes;
    },
    get completed() {
      return completed;
    },
  };
}

/** Takes datagrams: puts chunks together, decompresses, and drops what there is no room for. */
function takeDatagrams(read: ReadMessage, queue: RecordQueue, { counters, log }: ReceiverContext) {
  const refuse = (reason: string): void => counters.rejected(RECEIVER, 1, reason);
  const take = (message: Buffer): void =>
    read(message, (record) => {
      if (!queue.offer(record, message.length)) refuse("full");
    });
  const chunks = new ChunkAssembler(refuse);
  const inflating = new Set<Promise<void>>();
  const expiry = setInterval(() => chunks.expire(performance.now()), EXPIRY_INTERVAL);
  expiry.unref();

  function refuseMessage(error: unknown): void {
    refuse(reasonOf(error));
    log.debug("a GELF message is none", { reason: String(error) });
  }

  function takeMessage(message: Buffer): void {
    if (!isGzip(message) && !isZlib(message)) {
      take(message);
      return;
    }
    try {
      take(decompressNow(message, SMALL_MESSAGE_BYTES));
    } catch (error) {
      const isLarge = error instanceof PolylogError && error.code === "POLYLOG_E_TOO_LARGE";
      if (isLarge) takeLarge(message);
      else refuseMessage(error);
    }
  }

  function takeLarge(message: Buffer): void {
    if (inflating.size >= MAX_INFLATING) {
      refuse("full");
      return;
    }
    const work = decompress(message, MAX_MESSAGE_BYTES).then(take).catch(refuseMessage);
    inflating.add(work);
    void work.finally(() => inflating.delete(work));
  }

  return {
    take(datagram: Buffer, address: string): void {
      if (!isChunk(datagram)) {
        takeMessage(datagram);
        return;
      }
      const added = chunks.add(datagram, address, performance.now());
      if (added === undefined) return;
      if ("message" in added) takeMessage(added.message);
      else {
        refuse("malformed");
        log.debug("a chunk of GELF was refused", { reason: added.reason });
      }
    },
    async stop(): Promise<void> {
      clearInterval(expiry);
      await Promise.all(inflating);
    },
  };
}
