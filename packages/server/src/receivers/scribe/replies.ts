import { version } from "../../version.ts";
import type { FramedCall } from "./framing.ts";
import { MESSAGE, ThriftWriter, TYPE } from "./thrift.ts";

/** What `Log` answers. Source: scribe.thrift. */
export const RESULT = { ok: 0, tryLater: 1 } as const;

/** Kinds of exceptions that any Thrift client knows. Source: Apache Thrift, TApplicationException. */
const EXCEPTION = { unknownMethod: 1, internalError: 6 } as const;

/** Status "alive". Source: fb303.thrift. */
const ALIVE = 2;

/** `ResultCode` in reply to a call of `Log`. */
export function resultReply(to: FramedCall, code: number): Buffer {
  return reply(to, (writer) => writer.field(TYPE.i32, 0).i32(code));
}

/** Says that the call failed, and nothing of the inside. */
export function failureReply(to: FramedCall): Buffer {
  return exceptionReply(to, EXCEPTION.internalError, "The records could not be stored.");
}

/**
 * The reply to the other methods of Scribe's service, which clients ask to learn whether it is up.
 *
 * Source: fb303.thrift, `service FacebookService`.
 *
 * @param startedAt seconds since 1970
 */
export function serviceReply(to: FramedCall, startedAt: number): Buffer {
  const text = (value: string) => reply(to, (writer) => writer.field(TYPE.string, 0).text(value));
  const emptyMap = (valueType: number) =>
    reply(to, (writer) => writer.field(TYPE.map, 0).byte(TYPE.string).byte(valueType).i32(0));
  const long = (value: number) => reply(to, (writer) => writer.field(TYPE.i64, 0).i64(BigInt(value)));
  switch (to.call.name) {
    case "getName":
      return text("polylog");
    case "getVersion":
      return text(version);
    case "getStatus":
      return reply(to, (writer) => writer.field(TYPE.i32, 0).i32(ALIVE));
    case "getStatusDetails":
    case "getOption":
    case "getCpuProfile":
      return text("");
    case "getCounters":
      return emptyMap(TYPE.i64);
    case "getOptions":
      return emptyMap(TYPE.string);
    case "getCounter":
      return long(0);
    case "aliveSince":
      return long(startedAt);
    case "setOption":
      return reply(to, (writer) => writer);
    default:
      return exceptionReply(to, EXCEPTION.unknownMethod, `There is no method ${to.call.name}.`);
  }
}

function reply({ call, isFramed }: FramedCall, write: (writer: ThriftWriter) => ThriftWriter): Buffer {
  const writer = new ThriftWriter().message(call.name, MESSAGE.reply, call.sequence, call.isStrict);
  return framed(write(writer).byte(TYPE.stop).bytes(), isFramed);
}

function exceptionReply({ call, isFramed }: FramedCall, kind: number, message: string): Buffer {
  const writer = new ThriftWriter().message(call.name, MESSAGE.exception, call.sequence, call.isStrict);
  writer.field(TYPE.string, 1).text(message).field(TYPE.i32, 2).i32(kind).byte(TYPE.stop);
  return framed(writer.bytes(), isFramed);
}

function framed(bytes: Buffer, isFramed: boolean): Buffer {
  return isFramed ? Buffer.concat([new ThriftWriter().i32(bytes.length).bytes(), bytes]) : bytes;
}
