import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

/** The pace that an upload has to keep. */
export interface UploadPace {
  /** Milliseconds between two looks at it. */
  readonly every: number;
  /** Bytes that have to come from one look to the next, unless it is us that it waits for. */
  readonly bytes: number;
}

/** As of the receivers with ports of their own. */
const PACE: UploadPace = { every: 60_000, bytes: 16 << 10 };

/** A request that takes as long as it takes, and only has to come on. */
export interface Upload {
  /** To be called with the bytes that have come. */
  count(bytes: number): void;
  /** While this is pending, the sender waits for us. */
  hold<T>(work: Promise<T>): Promise<T>;
  /** To be called in any case, when it is over. */
  end(): void;
}

/** The sockets of those that are under way. */
const sockets = new WeakSet<Duplex>();

/** Whether the time that any request has is none for what this socket is at. */
export function isUploading(socket: Duplex): boolean {
  return sockets.has(socket);
}

/**
 * Exempts a request from the time that any request has: parts of it are stored, and cut off it would bring them again. It
 * is cut off when it doesn't come on.
 *
 * @example
 * const upload = beginUpload(request.raw);
 * for await (const chunk of body) upload.count(chunk.length);
 * upload.end();
 */
export function beginUpload(request: IncomingMessage, { every, bytes }: UploadPace = PACE): Upload {
  let came = 0;
  let held = 0;
  const look = setInterval(() => {
    if (held === 0 && came < bytes) request.destroy();
    came = 0;
  }, every);
  look.unref();
  sockets.add(request.socket);
  return {
    count(more) {
      came += more;
    },
    async hold(work) {
      held++;
      try {
        return await work;
      } finally {
        held--;
        // It has the whole time from here.
        came += bytes;
      }
    },
    end() {
      clearInterval(look);
      sockets.delete(request.socket);
    },
  };
}
