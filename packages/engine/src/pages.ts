import { readFileSync } from "node:fs";
import { DataType, load } from "ffi-rs";

/** From Linux's `<sys/mman.h>`: the pages are no longer this process's, until it touches them again. */
const MADV_DONTNEED = 4;

interface Mapping {
  readonly address: bigint;
  readonly length: bigint;
}

/**
 * Gives back the pages of a library's file that were read once, while it started: about 150 MB of relocations,
 * tables and code. They stay in the system's page cache, so that coming back costs microseconds each.
 *
 * @param handle name under which ffi-rs has opened a library that is linked against libc.
 * @returns how many mappings were given back.
 */
export function dropFilePages(handle: string, file: string): number {
  const mappings = cleanMappings(readFileSync("/proc/self/smaps", "utf8"), file);
  for (const { address, length } of mappings) {
    load({
      library: handle,
      funcName: "madvise",
      retType: DataType.I32,
      paramsType: [DataType.BigInt, DataType.BigInt, DataType.I32],
      paramsValue: [address, length, MADV_DONTNEED],
    });
  }
  return mappings.length;
}

/**
 * The mappings of a file that can be read again from it: not writable, and nothing in them changed since. What the
 * linker relocated is not writable either, and would be lost, so each mapping's own account is looked at.
 */
export function cleanMappings(smaps: string, file: string): readonly Mapping[] {
  return smaps.split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m).flatMap((entry) => {
    const head = /^([0-9a-f]+)-([0-9a-f]+) r-[-x]p [0-9a-f]+ \S+ \d+ +(.*)$/m.exec(entry);
    const isClean = /^Anonymous: +0 kB$/m.test(entry) && /^Private_Dirty: +0 kB$/m.test(entry);
    if (head === null || head[3] !== file || !isClean) return [];
    const address = BigInt(`0x${head[1]}`);
    return [{ address, length: BigInt(`0x${head[2]}`) - address }];
  });
}
