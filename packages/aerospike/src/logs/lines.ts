/** Characters of a line that are kept: the client cuts its own at about 1,100. */
const MOST = 8_192;

/** Cuts text that comes in pieces into lines, whatever the pieces. */
export function createLineSplitter(onLine: (line: string) => void): (text: string) => void {
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) if (line !== "") onLine(line.slice(0, MOST));
    if (rest.length > MOST) {
      onLine(rest.slice(0, MOST));
      rest = "";
    }
  };
}
