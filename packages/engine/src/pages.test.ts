import { expect, test } from "vitest";
import { cleanMappings } from "./pages.ts";

/** As Linux writes it, shortened. */
function entry(head: string, anonymous: number, dirty: number): string {
  return `${head}
Size:             100 kB
Rss:               80 kB
Private_Dirty:     ${String(dirty).padStart(6)} kB
Anonymous:         ${String(anonymous).padStart(6)} kB
VmFlags: rd ex mr mw me
`;
}

const file = "/lib/with space/libchdb.so";
const smaps = [
  entry(`7f0000000000-7f0000001000 r--p 00000000 fe:00 42                         ${file}`, 0, 0),
  entry(`7f0000001000-7f0000004000 r-xp 00001000 fe:00 42                         ${file}`, 0, 0),
  // Relocated, then made read-only.
  entry(`7f0000004000-7f0000005000 r--p 00004000 fe:00 42                         ${file}`, 12, 12),
  entry(`7f0000005000-7f0000006000 rw-p 00005000 fe:00 42                         ${file}`, 0, 0),
  entry("7f0000006000-7f0000007000 r-xp 00000000 fe:00 43                         /lib/libc.so.6", 0, 0),
  entry("7f0000007000-7f0000008000 r--p 00000000 00:00 0 ", 0, 0),
].join("");

test("only what can be read again from the file is given back", () => {
  expect(cleanMappings(smaps, file)).toEqual([
    { address: 0x7f0000000000n, length: 0x1000n },
    { address: 0x7f0000001000n, length: 0x3000n },
  ]);
});
