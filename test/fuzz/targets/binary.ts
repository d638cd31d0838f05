import { deflateSync, gzipSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { RecordBuilder } from "../../../packages/server/src/formats/record-builder.ts";
import { readMessage } from "../../../packages/server/src/receivers/forward/message.ts";
import { createEntryReader } from "../../../packages/server/src/receivers/forward/record.ts";
import { Scanner } from "../../../packages/server/src/receivers/forward/scanner.ts";
import { ChunkAssembler } from "../../../packages/server/src/receivers/gelf/chunks.ts";
import { createGelfDecoder } from "../../../packages/server/src/receivers/gelf/decoder.ts";
import { ExportReader } from "../../../packages/server/src/receivers/journald/export-reader.ts";
import { recordOfEntry } from "../../../packages/server/src/receivers/journald/record.ts";
import { ByteInbox } from "../../../packages/server/src/receivers/listeners/byte-inbox.ts";
import { decompressNow } from "../../../packages/server/src/receivers/listeners/inflate.ts";
import { decodeProtobuf as decodeLokiProtobuf } from "../../../packages/server/src/receivers/loki/protobuf.ts";
import { uncompressSnappy } from "../../../packages/server/src/receivers/loki/snappy.ts";
import {
  compressSnappy,
  pushRequest,
} from "../../../packages/server/src/receivers/loki/testing/push-request.ts";
import { createEventDecoder } from "../../../packages/server/src/receivers/lumberjack/decoder.ts";
import { type Frame, frameAt } from "../../../packages/server/src/receivers/lumberjack/frames.ts";
import { lengthField, varintField } from "../../../packages/server/src/receivers/otlp/protobuf/writer.ts";
import { createEntryDecoder } from "../../../packages/server/src/receivers/scribe/decoder.ts";
import { CallFraming } from "../../../packages/server/src/receivers/scribe/framing.ts";
import { decodeProtobuf as decodeZipkinProtobuf } from "../../../packages/server/src/receivers/zipkin/decoder.ts";
import { windowOf } from "../../../packages/server/src/testing/lumberjack-client.ts";
import { logCall } from "../../../packages/server/src/testing/scribe-client.ts";
import { checkPieces, checkRecords, orRefusal, passRefusal, pieces } from "../check.ts";
import { NOW } from "../now.ts";
import type { Target } from "../target.ts";

/** Bytes that may come of compressed ones: small, so that a bomb is no hang. */
const MAX_INFLATED = 1 << 20;
const EVENT = { "@timestamp": "2026-11-21T10:41:07Z", message: "hello", log: { level: "warn" } };

const loki: Target = {
  name: "loki-protobuf",
  seeds: [
    pushRequest('{app="shop", level="warn"}', [{ line: "hello", metadata: { a: "b" } }, { line: "two" }]),
  ],
  words: ['{a="b"}', '"', ",", '="', "\\"],
  decode(input) {
    checkRecords(orRefusal(() => [...decodeLokiProtobuf(input, NOW)]) ?? []);
  },
};

const snappy: Target = {
  name: "loki-snappy",
  seeds: [
    compressSnappy(Buffer.from("hello hello hello hello ".repeat(20))),
    compressSnappy(Buffer.from("ab")),
  ],
  words: [],
  decode(input) {
    orRefusal(() => {
      const steps = uncompressSnappy(input, MAX_INFLATED);
      for (let step = steps.next(); ; step = steps.next()) {
        if (!step.done) continue;
        if (step.value.length > MAX_INFLATED) throw new Error(`${step.value.length} bytes came of it`);
        return;
      }
    });
  },
};

const zipkin: Target = {
  name: "zipkin-protobuf",
  seeds: [
    Buffer.from(
      lengthField(
        1,
        Buffer.concat([
          lengthField(1, Buffer.from("0af7651916cd43dd8448eb211c80319c", "hex")),
          lengthField(3, Buffer.from("b7ad6b7169203331", "hex")),
          varintField(4, 2),
          lengthField(5, "get"),
          varintField(7, 1500),
          lengthField(8, Buffer.concat([lengthField(1, "shop"), lengthField(2, Buffer.from([10, 0, 0, 1]))])),
          lengthField(10, lengthField(2, "ws")),
          lengthField(11, Buffer.concat([lengthField(1, "error"), lengthField(2, "x")])),
        ]),
      ),
    ),
  ],
  words: [],
  decode(input) {
    checkRecords(orRefusal(() => [...decodeZipkinProtobuf(input, NOW)]) ?? []);
  },
};

const ENTRY = [1_795_257_667, { message: "hello", level: "warn", nested: { a: [1, 2.5, null, true] } }];
const PACKED = Buffer.concat([encode(ENTRY), encode(ENTRY)]);
const forward: Target = {
  name: "forward",
  seeds: [
    encode(["app", ...ENTRY, { chunk: "c" }]),
    encode(["app", [ENTRY, ENTRY], { size: 2 }]),
    encode(["app", PACKED, { chunk: "c" }]),
    encode(["app", gzipSync(PACKED), { compressed: "gzip" }]),
    encode(["app", Buffer.from("28b52ffd200529000068656c6c6f", "hex"), { compressed: "zstd" }]),
  ].map((bytes) => Buffer.from(bytes)),
  words: ["chunk", "compressed", "gzip", "zstd", "text", "size", "\xc0", "\x93"],
  async decode(input, random) {
    const messages = checkPieces(input, random, (chunks) => {
      const inbox = new ByteInbox();
      const scanner = new Scanner();
      const whole: Buffer[] = [];
      for (const chunk of chunks) {
        const bytes = inbox.add(chunk);
        let at = 0;
        for (let end = scanner.endOf(bytes, 0); end >= 0; end = scanner.endOf(bytes, at)) {
          whole.push(Buffer.from(bytes.subarray(at, end)));
          at = end;
        }
        inbox.keep(bytes, at);
      }
      return whole;
    });
    const read = createEntryReader();
    for (const message of messages ?? []) {
      try {
        checkRecords((await readMessage(message, read, NOW))?.records ?? []);
      } catch (error) {
        passRefusal(error);
        return;
      }
    }
  },
};

const ENTRIES = [
  { category: "shop", message: '{"level":"warn","msg":"late"}\n' },
  { category: "shop", message: "2026-11-21 10:41:07 WARN late" },
];
const scribe: Target = {
  name: "scribe",
  seeds: [true, false].flatMap((isFramed) =>
    [true, false].map((isStrict) => logCall(ENTRIES, { isFramed, isStrict })),
  ),
  words: ["Log", "getName", "getStatus", "aliveSince", "\x80\x01\0\x01"],
  decode(input, random) {
    const decode = createEntryDecoder();
    const calls = checkPieces(input, random, (chunks) => {
      const inbox = new ByteInbox();
      const framing = new CallFraming();
      const read: unknown[] = [];
      const entries: { category: string; message: string }[] = [];
      for (const chunk of chunks) {
        const bytes = inbox.add(chunk);
        let at = 0;
        for (;;) {
          const { end, framed } = framing.read(bytes, at);
          at = end;
          if (framed === undefined) break;
          read.push(framed);
          entries.push(...framed.call.entries);
        }
        inbox.keep(bytes, at);
      }
      return { read, entries };
    });
    checkRecords((calls?.entries ?? []).map((entry) => decode(entry, NOW)));
  },
};

const lumberjack: Target = {
  name: "lumberjack",
  seeds: [
    windowOf([EVENT, EVENT]),
    windowOf([EVENT], { isCompressed: true }),
    windowOf([{ line: "hello", host: "web-1" }], { version: 1 }),
  ],
  words: ["2W", "2J", "2C", "1D", "1W"],
  decode(input, random) {
    const decode = createEventDecoder();
    const frames = checkPieces(input, random, (chunks) => {
      const inbox = new ByteInbox();
      const read: Frame[] = [];
      for (const chunk of chunks) {
        const bytes = inbox.add(chunk);
        let at = 0;
        for (let framed = frameAt(bytes, at); framed !== undefined; framed = frameAt(bytes, at)) {
          // The inbox reuses its memory.
          read.push(structuredClone(framed.frame));
          at = framed.end;
        }
        inbox.keep(bytes, at);
      }
      return read;
    });
    for (const frame of frames ?? []) {
      if (frame.type === "compressed")
        orRefusal(() => decompressNow(Buffer.from(frame.payload), MAX_INFLATED));
      else if (frame.type !== "window") checkRecords([decode(bufferOf(frame), NOW)]);
    }
  },
};

/** A clone's payload is a plain array of bytes. */
function bufferOf<F extends Frame>(frame: F): F {
  return "payload" in frame ? { ...frame, payload: Buffer.from(frame.payload) } : frame;
}

const GELF = '{"version":"1.1","host":"web-1","short_message":"hello","level":4}';
const gelf: Target = {
  name: "gelf-datagrams",
  seeds: [
    GELF,
    gzipSync(GELF),
    deflateSync(GELF),
    Buffer.concat([Buffer.from("1e0f00000000000000010001", "hex"), Buffer.from(GELF)]),
    Buffer.concat([Buffer.from("1e0f00000000000000010002", "hex"), Buffer.from(GELF)]),
  ],
  words: ["\x1e\x0f", "\x1f\x8b", "\x78\x9c", '"short_message"'],
  decode(input, random) {
    const decode = createGelfDecoder();
    const chunks = new ChunkAssembler(() => {});
    for (const datagram of pieces(input, random)) {
      const added = chunks.add(datagram, "10.0.0.1", random.below(100_000));
      if (chunks.heldBytes < 0) throw new Error("fewer bytes held than none");
      if (added !== undefined && "message" in added) take(added.message);
    }
    take(input);

    function take(message: Buffer): void {
      const plain = message[0] === 0x7b ? message : orRefusal(() => decompressNow(message, MAX_INFLATED));
      const decoded = plain && decode(plain, NOW);
      if (decoded !== undefined && "record" in decoded) checkRecords([decoded.record]);
    }
  },
};

const journald: Target = {
  name: "journald",
  seeds: [
    "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795257667000000\nMESSAGE=hello\nPRIORITY=4\n_HOSTNAME=web-1\nSYSLOG_IDENTIFIER=sshd\n\nMESSAGE=two\n\n",
    Buffer.concat([Buffer.from("MESSAGE\n\x05\0\0\0\0\0\0\0a\nb\nc\nPRIORITY=6\n\n", "latin1")]),
  ],
  words: ["MESSAGE=", "MESSAGE\n", "__REALTIME_TIMESTAMP=", "PRIORITY=", "\n\n", "\x05\0\0\0\0\0\0\0"],
  decode(input, random) {
    const entries = checkPieces(input, random, (chunks) => {
      const reader = new ExportReader();
      for (const chunk of chunks) reader.push(chunk);
      reader.end();
      return reader.take();
    });
    const builder = new RecordBuilder();
    checkRecords((entries ?? []).map((entry) => recordOfEntry(entry, builder, NOW)));
  },
};

export const BINARY: readonly Target[] = [loki, snappy, zipkin, forward, scribe, lumberjack, gelf, journald];
