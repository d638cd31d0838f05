import { deflateSync } from "node:zlib";
import { encode } from "@msgpack/msgpack";
import { gelf } from "./http.mjs";
import { records } from "./lines.mjs";

/**
 * Payloads of the receivers with ports of their own: the bytes that hold `count` records, and how many bytes of an
 * answer acknowledge them; none where the protocol has no answer.
 */
export const SOCKETS = {
  "syslog, TCP": {
    receiver: "syslog",
    count: 1000,
    make: (list) =>
      list.map(({ time, message }) => `<14>1 ${iso(time)} web-1 shop 17 - - ${message}\n`).join(""),
  },
  "gelf, TCP": {
    receiver: "gelf",
    count: 1000,
    make: (list) => list.map((record) => `${JSON.stringify(gelf(record))}\0`).join(""),
  },
  lumberjack: {
    receiver: "lumberjack",
    count: 1000,
    make: lumberjackWindow,
    // "2A" and the number of the last event.
    answerBytes: 6,
  },
  forward: {
    receiver: "forward",
    count: 1000,
    make: (list) =>
      encode([
        "shop.web",
        list.map(({ time, level, message, fields }) => [
          Math.floor(time / 1000),
          { level, message, ...fields },
        ]),
        { chunk: CHUNK },
      ]),
    // {"ack": CHUNK}
    answerBytes: 1 + 4 + 1 + 24,
  },
  scribe: {
    receiver: "scribe",
    count: 1000,
    make: scribeLog,
    // A frame with the reply: ResultCode OK.
    answerBytes: 4 + 4 + 4 + 3 + 4 + 3 + 4 + 1,
  },
};

const CHUNK = "p8n9gmxTQVC8/nh2wlKKeQ==";
const iso = (time) => new Date(time).toISOString();

/** @param {keyof typeof SOCKETS} name */
export function socketPayload(name) {
  const { count, make, answerBytes = 0 } = SOCKETS[name];
  return { count, bytes: Buffer.from(make(records(count))), answerBytes };
}

function lumberjackWindow(list) {
  const frames = list.map(({ time, level, message, fields }, index) => {
    const json = Buffer.from(
      JSON.stringify({ "@timestamp": iso(time), "log.level": level, message, ...fields }),
    );
    const head = Buffer.alloc(10);
    head.write("2J");
    head.writeUInt32BE(index + 1, 2);
    head.writeUInt32BE(json.length, 6);
    return Buffer.concat([head, json]);
  });
  const packed = deflateSync(Buffer.concat(frames), { level: 3 });
  const head = Buffer.alloc(12);
  head.write("2W");
  head.writeUInt32BE(list.length, 2);
  head.write("2C", 6);
  head.writeUInt32BE(packed.length, 8);
  return Buffer.concat([head, packed]);
}

/** Thrift's strict binary protocol, framed: `Log(1: list<LogEntry>)`. */
function scribeLog(list) {
  const parts = [
    number(0x80010001),
    text("Log"),
    number(1),
    Buffer.from([15, 0, 1, 12]),
    number(list.length),
  ];
  for (const { message } of list) {
    parts.push(
      Buffer.from([11, 0, 1]),
      text("shop"),
      Buffer.from([11, 0, 2]),
      text(message),
      Buffer.from([0]),
    );
  }
  parts.push(Buffer.from([0]));
  const call = Buffer.concat(parts);
  return Buffer.concat([number(call.length), call]);
}

function number(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function text(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}
