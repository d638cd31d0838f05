/** A stretch of a stack trace: lines of the program's own, or frames of one library that are folded into one line. */
export type StackPart =
  | { readonly kind: "own"; readonly lines: readonly string[] }
  | { readonly kind: "library"; readonly library: string; readonly lines: readonly string[] };

/** Longer traces are cut: nobody reads further, and the record itself can be copied. */
const MOST_LINES = 2000;
/** One frame alone is shorter to read than a line that says it is folded. */
const FOLDED_FROM = 2;

/**
 * Finds the frames of libraries and runtimes in a stack trace of Node, Python, Java, .NET, Ruby, Go or Rust, so
 * that the program's own frames stand out. A line that is not understood counts as the program's own.
 */
export function stackParts(stack: string): readonly StackPart[] {
  const lines = stack.split(/\r?\n/, MOST_LINES);
  const parts: { library: string | undefined; lines: string[] }[] = [];
  let previous: string | undefined;
  for (const line of lines) {
    // Python writes the source on the line after the frame, Go and Rust the file: both belong to the frame.
    const isContinuation = isSourceLine(line) && parts.length > 0;
    const library = isContinuation ? (libraryOf(line) ?? previous) : libraryOf(line);
    const last = parts.at(-1);
    if (last && last.library === library) last.lines.push(line);
    else parts.push({ library, lines: [line] });
    previous = library;
  }
  return parts.map(({ library, lines: own }) =>
    library === undefined || own.length < FOLDED_FROM
      ? { kind: "own", lines: own }
      : { kind: "library", library, lines: own },
  );
}

function isSourceLine(line: string): boolean {
  return /^\s{4,}\S/.test(line) && !/^\s*(at |File |from |\d+:)/.test(line);
}

/** The library that a frame belongs to, or `undefined` for the program's own. */
function libraryOf(line: string): string | undefined {
  if (line.length > 1000) return undefined;
  const node = /node_modules[/\\]((?:@[^/\\\s]+[/\\])?[^/\\\s]+)/.exec(line);
  if (node) return node[1];
  if (/\bnode:[a-z_/]+/.test(line) || /\(internal\//.test(line)) return "node";
  const python = /(?:site|dist)-packages[/\\]([^/\\\s"]+)/.exec(line);
  if (python) return python[1];
  if (/[/\\]lib[/\\]python\d/.test(line)) return "python";
  const java = /^\s*at (java|javax|jdk|sun|org\.springframework|org\.apache|io\.netty|kotlin|scala)\b/.exec(
    line,
  );
  if (java) return java[1];
  const dotnet = /^\s*at (System|Microsoft)\./.exec(line);
  if (dotnet) return dotnet[1];
  const rust = /[/\\]registry[/\\]src[/\\][^/\\]+[/\\]([^/\\]+?)-\d/.exec(line);
  if (rust) return rust[1];
  if (/\/rustc\/[0-9a-f]+\//.test(line) || /^\s*\d+:\s+(?:std|core|tokio)::/.test(line)) return "rust";
  const ruby = /[/\\]gems[/\\]([^/\\]+?)-\d/.exec(line);
  if (ruby) return ruby[1];
  if (/[/\\]go[/\\]src[/\\]runtime[/\\]/.test(line) || /^runtime\./.test(line)) return "go";
  return undefined;
}
