import { cpus, totalmem } from "node:os";

/** Collects figures, prints each as a JSON line at once and all as a table at the end. */
export function createReport(bench) {
  const rows = [];
  return {
    /**
     * @param {string} name the case
     * @param {number} value
     * @param {string} unit
     * @param {{ bar?: number, atLeast?: number, peer?: string, peerValue?: number, ratio?: number, ratioBar?: number }} [extra]
     */
    add(name, value, unit, extra = {}) {
      const row = { bench, case: name, value: rounded(value), unit, ...extra };
      rows.push(row);
      console.log(JSON.stringify(row));
    },
    /** @param {((rows: object[]) => { columns: string[], rows: string[][] }) | undefined} tableOf a bench's own table */
    printTable(tableOf) {
      console.error(`\n${bench} on ${machine()}`);
      if (tableOf !== undefined) {
        printColumns(tableOf(rows));
        return;
      }
      const width = Math.max(...rows.map((row) => row.case.length));
      for (const row of rows) {
        const aim = aimOf(row);
        const bar = aim === "" ? "" : `  (bar ${aim}${isMet(row) ? "" : ": missed"})`;
        const peer =
          row.peer === undefined ? "" : `  ${row.peer} ${row.peerValue} ${row.unit}, ratio ${row.ratio}`;
        console.error(
          `${row.case.padEnd(width)}  ${String(row.value).padStart(10)} ${row.unit}${bar}${peer}`,
        );
      }
    },
  };
}

/** What a row is to come to: at most its `bar`, or at least `atLeast`; nothing where it has neither. */
export function aimOf({ bar, atLeast, unit }) {
  if (atLeast !== undefined) return `≥ ${atLeast.toLocaleString("en")} ${unit}`;
  return bar === undefined ? "" : `${bar} ${unit}`;
}

function isMet({ value, bar = Number.POSITIVE_INFINITY, atLeast = Number.NEGATIVE_INFINITY }) {
  return value <= bar && value >= atLeast;
}

/** What the figures were measured on. */
export function machine() {
  return `${cpus()[0]?.model ?? "unknown CPU"}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;
}

function printColumns({ columns, rows }) {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column].length)));
  for (const line of lines) {
    console.error(
      line
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column])))
        .join("  "),
    );
  }
}

/** The middle value; the mean of the two middle ones when their number is even. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function rounded(value) {
  return Number(value.toPrecision(4));
}
