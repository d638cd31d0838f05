import type { LogEntry } from "../receivers/scribe/calls.ts";
import { MESSAGE, ThriftReader, ThriftWriter, TYPE } from "../receivers/scribe/thrift.ts";

export interface ScribeForm {
  readonly isFramed: boolean;
  readonly isStrict: boolean;
}

/** A call of Scribe's `Log`. */
export function logCall(entries: readonly Partial<LogEntry>[], { isFramed, isStrict }: ScribeForm): Buffer {
  const writer = new ThriftWriter().message("Log", MESSAGE.call, 7, isStrict);
  writer.field(TYPE.list, 1).byte(TYPE.struct).i32(entries.length);
  for (const { category, message } of entries) {
    if (category !== undefined) writer.field(TYPE.string, 1).text(category);
    if (message !== undefined) writer.field(TYPE.string, 2).text(message);
    writer.byte(TYPE.stop);
  }
  const call = writer.byte(TYPE.stop).bytes();
  return isFramed ? frame(call) : call;
}

export function frame(bytes: Buffer): Buffer {
  return Buffer.concat([new ThriftWriter().i32(bytes.length).bytes(), bytes]);
}

/** What `Log` answered: its result, or the message of an exception. */
export function readReply(bytes: Buffer, { isFramed, isStrict }: ScribeForm): number | string {
  const reader = new ThriftReader(bytes, isFramed ? 4 : 0, 1 << 20);
  let type: number;
  if (isStrict) {
    type = reader.i32() & 0xff;
    reader.text();
  } else {
    reader.text();
    type = reader.byte();
  }
  reader.i32();
  reader.byte();
  reader.i16();
  return type === MESSAGE.exception ? reader.text() : reader.i32();
}
