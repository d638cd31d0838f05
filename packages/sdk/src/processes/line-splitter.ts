import { StringDecoder } from "node:string_decoder";

/** Characters of a line that are kept; what formats show of a text is less. */
const MOST = 8 * 1024 * 1024;

/** Makes lines of the bytes of a stream. */
export interface LineSplitter {
  /** The lines that end in this chunk, without their ends. */
  push(chunk: Uint8Array): string[];
  /** What is left at the end of the stream. */
  end(): string[];
}

/** A line that is too long is cut, so that nobody can fill the memory with one; it says what is gone. */
export function createLineSplitter(most: number = MOST): LineSplitter {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let skipped = 0;

  function take(text: string): string[] {
    const pieces = text.split("\n");
    const last = pieces.pop()!;
    const lines = pieces.map((piece) => {
      gather(piece);
      return whole();
    });
    gather(last);
    return lines;
  }

  function gather(piece: string): void {
    const room = Math.max(0, most - rest.length);
    skipped += Math.max(0, piece.length - room);
    rest += piece.slice(0, room);
  }

  function whole(): string {
    const line = rest.endsWith("\r") ? rest.slice(0, -1) : rest;
    const text = skipped === 0 ? line : `${line}… [${skipped} more characters left out]`;
    rest = "";
    skipped = 0;
    return text;
  }

  return {
    push: (chunk) => take(decoder.write(chunk as Buffer)),
    end() {
      gather(decoder.end());
      return rest === "" ? [] : [whole()];
    },
  };
}
