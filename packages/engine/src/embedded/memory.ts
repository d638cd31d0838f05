import { totalmem } from "node:os";

const MIB = 1024 * 1024;

/** Less than this, and merges of big parts fail. */
const LEAST = 512 * MIB;
const MOST = 4e9;

/**
 * Bytes for the engine when nobody says: half of what this machine, or this container, has; at most 4 GB.
 *
 * @param constrained bytes that the container allows; 0, or more than there are, when it doesn't say
 * @param physical bytes that the machine has
 */
export function defaultMemoryBytes(
  constrained: number = process.constrainedMemory(),
  physical: number = totalmem(),
): number {
  const available = constrained > 0 && constrained < physical ? constrained : physical;
  return Math.floor(Math.min(MOST, Math.max(LEAST, available / 2)));
}

/** Bytes that one query of the viewer may take, of what the engine may in all: a question can't starve the inserts. */
export function viewerMemoryBytes(memoryBytes: number): number {
  return Math.floor(memoryBytes / 2);
}
