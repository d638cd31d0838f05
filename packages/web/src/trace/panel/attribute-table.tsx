import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import type { TraceModel } from "../model/trace-model.ts";
import styles from "./panel.module.css";
import { searchAround } from "./search-links.ts";

interface AttributeTableProps {
  readonly attributes: Readonly<Record<string, string>>;
  readonly model: TraceModel;
}

/** Attributes of a span; each value leads to the logs that have it too. */
export function AttributeTable({ attributes, model }: AttributeTableProps) {
  const pairs = Object.entries(attributes);
  if (pairs.length === 0) return <p className={styles.none}>None</p>;
  return (
    <table className={styles.attributes}>
      <tbody>
        {pairs.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{breakable(name)}</th>
            <td>
              <Link
                to="/"
                search={searchAround(model, name, value)}
                title="Logs with this value at this time"
              >
                {value === "" ? "(empty)" : value}
              </Link>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A dotted name that breaks between its words, where it is too long. */
function breakable(name: string) {
  return name.split(/(?<=[._/:])/).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a name never change their order
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}
