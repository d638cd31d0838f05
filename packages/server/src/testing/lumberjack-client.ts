import type { Socket } from "node:net";
import { deflateSync } from "node:zlib";

/**
 * A sender of Lumberjack, byte by byte after the protocol's description: no package of npm or Debian is one.
 */
export interface LumberjackWindow {
  /** 1 (pairs of texts) or 2 (JSON). */
  readonly version?: 1 | 2;
  readonly isCompressed?: boolean;
  /** Events the window says it has. @defaultValue as many as there are */
  readonly size?: number;
  /** The sequence number before the first. */
  readonly after?: number;
}

/** The bytes of a window with these events, objects or (to be wrong) texts as they are. */
export function windowOf(events: readonly (object | string)[], options: LumberjackWindow = {}): Buffer {
  const { version = 2, isCompressed = false, size = events.length, after = 0 } = options;
  const frames = Buffer.concat(
    events.map((event, i) =>
      version === 2
        ? jsonFrame(after + i + 1, event)
        : dataFrame(after + i + 1, event as Record<string, string>),
    ),
  );
  const window = head(version, "W", size);
  if (!isCompressed) return Buffer.concat([window, frames]);
  const compressed = deflateSync(frames);
  return Buffer.concat([window, head(version, "C", compressed.length), compressed]);
}

/** Version, type and the number behind them. */
export function head(version: 1 | 2, type: string, number: number): Buffer {
  return Buffer.concat([Buffer.from(`${version}${type}`), u32(number)]);
}

export function u32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(number);
  return bytes;
}

function jsonFrame(sequence: number, event: object | string): Buffer {
  const payload = Buffer.from(typeof event === "string" ? event : JSON.stringify(event));
  return Buffer.concat([head(2, "J", sequence), u32(payload.length), payload]);
}

function dataFrame(sequence: number, event: Readonly<Record<string, string>>): Buffer {
  const texts = Object.entries(event).flat();
  const parts = texts.map((text) => Buffer.concat([u32(Buffer.byteLength(text)), Buffer.from(text)]));
  return Buffer.concat([head(1, "D", sequence), u32(texts.length / 2), ...parts]);
}

/** Resolves when all up to this sequence number is acknowledged; rejects when the connection ends before. */
export function acknowledged(socket: Socket, sequence: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let read = Buffer.alloc(0);
    const onData = (chunk: Buffer) => {
      read = Buffer.concat([read, chunk]);
      for (; read.length >= 6; read = read.subarray(6)) {
        if (read.readUInt32BE(2) === sequence) settle(resolve);
      }
    };
    const onClose = () => settle(() => reject(new Error("closed without an acknowledgement")));
    function settle(then: () => void): void {
      socket.off("data", onData);
      socket.off("close", onClose);
      then();
    }
    socket.on("data", onData);
    socket.once("close", onClose);
  });
}
