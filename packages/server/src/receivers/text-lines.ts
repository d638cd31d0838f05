import { LineSplitter, type SplitLine } from "../formats/lines/line-splitter.ts";

/** Bytes that are cut into lines in one go. */
const SLICE_BYTES = 64 << 10;

/**
 * Hot path. The lines of a body that are not blank. What is over a MiB of one is cut off and counted in it.
 *
 * @example
 * for (const { text } of textLines(body)) records.push(reader.read(text));
 */
export function* textLines(body: Buffer): Generator<SplitLine> {
  const splitter = new LineSplitter();
  let lines: SplitLine[] = [];
  const keep = (line: SplitLine): void => {
    if (line.text.trim() !== "") lines.push(line);
  };
  for (let start = 0; start < body.length; start += SLICE_BYTES) {
    splitter.push(body.subarray(start, start + SLICE_BYTES), keep);
    yield* lines;
    lines = [];
  }
  splitter.end(keep);
  yield* lines;
}
