/**
 * A table with a line for each case and a column for each logger, out of rows that each compare one of ours with one
 * peer.
 *
 * @param {object[]} rows
 * @param {string[]} loggers the columns
 * @param {{ heading: string, extra?: Record<string, (row: Function) => string> }} options further columns by heading;
 *   each is given a way to look up the row of one of ours and a peer
 */
export function matrixOf(rows, loggers, { heading, extra = {} }) {
  const cases = [...new Set(rows.map((row) => row.case))];
  return {
    columns: [`Case, ${heading}`, ...loggers, ...Object.keys(extra)],
    rows: cases.map((name) => {
      const ofCase = rows.filter((row) => row.case === name);
      const look = (logger, peer) => ofCase.find((row) => row.logger === logger && row.peer === peer);
      const values = new Map(
        ofCase.flatMap((row) => [
          [row.logger, row.value],
          [row.peer, row.peerValue],
        ]),
      );
      const cells = loggers.map((logger) => values.get(logger)?.toLocaleString("en") ?? "");
      return [name, ...cells, ...Object.values(extra).map((cell) => cell(look))];
    }),
  };
}
