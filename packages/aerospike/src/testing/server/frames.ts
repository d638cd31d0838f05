/** What a frame holds, by its second byte. */
export const KIND = { info: 1, admin: 2, message: 3 } as const;

export interface Frame {
  readonly kind: number;
  readonly body: Buffer;
}

const VERSION = 2;
const HEADER = 8;
/** The client's own limit. */
const MOST = 128 * 1024 * 1024;

export function encodeFrame(kind: number, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER);
  header[0] = VERSION;
  header[1] = kind;
  header.writeUIntBE(body.length, 2, 6);
  return Buffer.concat([header, body]);
}

/** Cuts what comes over a socket into frames. */
export function createFrameReader(): (chunk: Buffer) => Frame[] {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const frames: Frame[] = [];
    while (rest.length >= HEADER) {
      const length = rest.readUIntBE(2, 6);
      if (rest[0] !== VERSION || length > MOST)
        throw new Error(`no frame of the protocol: ${rest[0]}, ${length}`);
      if (rest.length < HEADER + length) break;
      frames.push({ kind: rest[1]!, body: rest.subarray(HEADER, HEADER + length) });
      rest = rest.subarray(HEADER + length);
    }
    return frames;
  };
}
