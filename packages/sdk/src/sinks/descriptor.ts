import { writeSync } from "node:fs";
import type { ByteOutput } from "./turn-writer.ts";

/** Milliseconds between two tries while a pipe's reader is behind. */
const PAUSE = 1;

const clock = new Int32Array(new SharedArrayBuffer(4));

/**
 * A file descriptor to which everything is written before the call returns: a short write goes on where it stopped, and
 * a pipe that is full (EAGAIN) is waited for, as Node does with its own standard streams.
 */
export function descriptorOutput(descriptor: number): ByteOutput {
  return {
    write(bytes) {
      let written = 0;
      while (written < bytes.length) {
        try {
          written += writeSync(descriptor, bytes, written, bytes.length - written);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
          Atomics.wait(clock, 0, 0, PAUSE);
        }
      }
    },
  };
}
