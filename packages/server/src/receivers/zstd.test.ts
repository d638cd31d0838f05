import { readFileSync } from "node:fs";
import { pipeline, Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { createZstdDecoder } from "./zstd.ts";

/** Made by zstd 1.5 of 20,000 lines; the bomb of 256 MiB of zeros. */
const fixture = (name: string) => readFileSync(new URL(`./testdata/${name}`, import.meta.url));
const LINES = Array.from(
  { length: 20_000 },
  (_, i) => `line ${i} of what was sent, with a word or two\n`,
).join("");

/** What the fuzzer has found: a decoder that reads its weights as they are told reads them for ever. */
const ENDLESS = Buffer.from(
  "28b52ffd03584900006865010066002222f09f92a5000001005c5a6cd4000100260001006c6f00ff7f00000001000100010001000100016c6f00016c6f0001000100010001006c6f",
  "hex",
);

async function decoded(bytes: Uint8Array, chunkBytes = bytes.length): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    chunks.push(Buffer.from(bytes.subarray(at, at + chunkBytes)));
  const decoder = createZstdDecoder();
  pipeline(Readable.from(chunks), decoder, () => {});
  const parts: Buffer[] = [];
  for await (const part of decoder) parts.push(Buffer.from(part as Uint8Array));
  return Buffer.concat(parts);
}

describe("zstd", () => {
  test.each([
    ["lines.zst", 1 << 20],
    ["lines.zst", 1],
    ["lines-streamed.zst", 1 << 20],
    ["lines-streamed.zst", 777],
  ])("%s in chunks of %d bytes is decoded", async (name, chunkBytes) => {
    expect((await decoded(fixture(name), chunkBytes)).toString()).toBe(LINES);
  });

  it("of many frames is decoded", async () => {
    const frame = fixture("lines.zst");
    expect((await decoded(Buffer.concat([frame, frame]))).toString()).toBe(LINES + LINES);
  });

  test.each<[string, Buffer, string]>([
    ["that is cut off", fixture("lines.zst").subarray(0, 1000), "it ends early"],
    ["that is empty", Buffer.from("{}"), "it ends early"],
    ["that is none", Buffer.from("hello, world"), "it is no zstd"],
    ["with a window of 128 MiB", fixture("long-window.zst"), "its window is too large"],
    ["whose tree has weights without end", ENDLESS, "the weights of a tree never end"],
    [
      "with a second frame that is none",
      Buffer.concat([fixture("lines.zst"), Buffer.alloc(100)]),
      "it is no zstd",
    ],
  ])("%s is refused", async (_, bytes, why) => {
    await expect(decoded(bytes)).rejects.toMatchObject({ code: "ZSTD_error", message: why });
  });

  it("that is a bomb is decoded no faster than it is read", async () => {
    const decoder = createZstdDecoder();
    pipeline(Readable.from([fixture("bomb.zst")]), decoder, () => {});
    let bytes = 0;
    for await (const part of decoder) {
      bytes += (part as Uint8Array).length;
      if (bytes > 4 << 20) break;
    }
    expect(decoder.readableLength).toBeLessThan(4 << 20);
  });

  it("lets others have their turn while it is decoded", async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const decoder = createZstdDecoder();
    pipeline(Readable.from([fixture("bomb.zst")]), decoder, () => {});
    let bytes = 0;
    for await (const part of decoder) {
      bytes += (part as Uint8Array).length;
      if (bytes > 32 << 20) break;
    }
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  it("of whatever bytes is decoded or refused", async () => {
    const lines = fixture("lines.zst");
    await fc.assert(
      fc.asyncProperty(
        fc.nat(lines.length - 1),
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        async (at, noise) => {
          const bytes = Buffer.from(lines);
          bytes.set(noise.subarray(0, bytes.length - at), at);
          await decoded(bytes).catch((error: unknown) => expect(error).toMatchObject({ code: "ZSTD_error" }));
        },
      ),
      { numRuns: 30 },
    );
  });
});
