import type { StorageResponse } from "@polylog/server/contract";
import { Fragment, useState } from "react";
import button from "../app/button.module.css";
import { byteText, shortCount, wholeNumber } from "../fields/numbers.ts";
import { Bar } from "../figures/bar.tsx";
import styles from "../figures/figures.module.css";

interface TablesProps {
  readonly tables: StorageResponse["tables"];
  /** Bytes of all. */
  readonly total: number;
}

/** The tables, each of which opens to its columns and indexes. */
export function Tables({ tables, total }: TablesProps) {
  const [open, setOpen] = useState<string | undefined>(tables[0]?.name);
  return (
    <section className={styles.section} aria-label="By table">
      <h2>By table, column and index</h2>
      {tables.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col" className={styles.name}>
                Table
              </th>
              <th scope="col" className={`${styles.barCell} ${styles.wide}`}>
                <span className="for-screen-readers">Share</span>
              </th>
              <th scope="col">Bytes</th>
              <th scope="col" className={styles.wide}>
                Compressed
              </th>
              <th scope="col">Rows</th>
              <th scope="col" className={styles.wide}>
                Parts
              </th>
            </tr>
          </thead>
          <tbody>
            {tables.map((table) => (
              <Fragment key={table.name}>
                <tr>
                  <th scope="row" className={styles.name}>
                    <button
                      type="button"
                      className={button.link}
                      aria-expanded={open === table.name}
                      onClick={() => setOpen(open === table.name ? undefined : table.name)}
                    >
                      {table.name}
                    </button>
                  </th>
                  <td className={`${styles.barCell} ${styles.wide}`}>
                    <Bar share={table.bytes / total} />
                  </td>
                  <td>{byteText(table.bytes)}</td>
                  <td className={styles.wide}>{times(table)}</td>
                  <td>{shortCount(table.rows)}</td>
                  <td className={styles.wide}>{wholeNumber(table.parts)}</td>
                </tr>
                {open === table.name && <Inside table={table} />}
              </Fragment>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

interface Part {
  readonly name: string;
  readonly note: string;
  readonly bytes: number;
  readonly uncompressedBytes: number;
}

function Inside({ table }: { readonly table: StorageResponse["tables"][number] }) {
  const parts: Part[] = [
    ...table.columns.map((column) => ({ ...column, note: "" })),
    ...table.indexes
      .filter(({ bytes }) => bytes > 0)
      .map((index) => ({ ...index, note: `index, ${index.type}` })),
  ];
  const known = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const rest = table.bytes - known;
  // Parts below 10 MB keep all columns in one file.
  if (rest > 0)
    parts.push({ name: "not told apart", note: "small parts", bytes: rest, uncompressedBytes: 0 });
  return parts
    .sort((a, b) => b.bytes - a.bytes)
    .map((part) => (
      <tr key={`${part.name} ${part.note}`}>
        <td className={styles.name} title={part.name} style={{ paddingLeft: 16 }}>
          {part.name} <span className={styles.quiet}>{part.note}</span>
        </td>
        <td className={`${styles.barCell} ${styles.wide}`}>
          <Bar share={part.bytes / table.bytes} />
        </td>
        <td>{byteText(part.bytes)}</td>
        <td className={styles.wide}>{times(part)}</td>
        <td />
        <td className={styles.wide} />
      </tr>
    ));
}

/** How often it would fit into what it was. */
function times({ bytes, uncompressedBytes }: Pick<Part, "bytes" | "uncompressedBytes">): string {
  return bytes > 0 && uncompressedBytes >= bytes ? `${(uncompressedBytes / bytes).toFixed(1)}×` : "";
}
