import {
  CopyIcon,
  ListBulletIcon,
  MinusCircledIcon,
  PlusCircledIcon,
  ViewVerticalIcon,
} from "@radix-ui/react-icons";
import { useState } from "react";
import { IconButton } from "../../app/icon-button.tsx";
import { useCopy } from "../../app/use-copy.ts";
import styles from "./record.module.css";
import type { RecordActions } from "./record-actions.ts";
import type { FieldGroup, RecordField } from "./record-fields.ts";

interface FieldTableProps {
  readonly groups: readonly FieldGroup[];
  readonly actions: RecordActions;
}

/** Every field of a record, with what can be done with it. */
export function FieldTable({ groups, actions }: FieldTableProps) {
  return (
    <table className={styles.fields}>
      <colgroup>
        <col className={styles.nameColumn} />
        <col />
        <col className={styles.actionsColumn} />
      </colgroup>
      <thead className="for-screen-readers">
        <tr>
          <th scope="col">Field</th>
          <th scope="col">Value</th>
          <th scope="col">Actions</th>
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group.title}>
          <tr>
            <th scope="rowgroup" colSpan={3} className={styles.group}>
              {group.title}
            </th>
          </tr>
          {group.fields.map((field) => (
            <FieldLine key={field.name} field={field} actions={actions} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

/** Longer values show their beginning, and the rest on demand. */
const LONG_VALUE = 480;

function FieldLine({ field, actions }: { readonly field: RecordField; readonly actions: RecordActions }) {
  const { name, value, queryField } = field;
  const { isCopied, copy } = useCopy();
  const [isWhole, setIsWhole] = useState(false);
  const isLong = value.length > LONG_VALUE;
  const shown = isLong && !isWhole ? `${value.slice(0, LONG_VALUE)}…` : value;
  const data = queryField === undefined ? {} : { "data-field": queryField, "data-value": value };
  return (
    <tr {...data}>
      <th scope="row">{name}</th>
      <td className={styles.fieldValue}>
        {queryField === undefined ? (
          shown
        ) : (
          <button
            type="button"
            className={styles.pickValue}
            title="Click to filter, Alt-click to exclude"
            onClick={(event) => actions.onValue({ field: queryField, value, isExcluded: event.altKey })}
          >
            {shown}
          </button>
        )}
        {isLong && (
          <button type="button" className={styles.whole} onClick={() => setIsWhole(!isWhole)}>
            {isWhole ? "Less" : `All ${value.length.toLocaleString("en-US")} characters`}
          </button>
        )}
      </td>
      <td className={styles.actions}>
        {queryField !== undefined && (
          <>
            <IconButton
              label={`Filter by this ${name}`}
              title="Filter by this (f)"
              onClick={() => actions.onValue({ field: queryField, value, isExcluded: false })}
            >
              <PlusCircledIcon width={15} height={15} />
            </IconButton>
            <IconButton
              label={`Exclude this ${name}`}
              title="Exclude this (x)"
              onClick={() => actions.onValue({ field: queryField, value, isExcluded: true })}
            >
              <MinusCircledIcon width={15} height={15} />
            </IconButton>
            <IconButton
              className={styles.wideOnly}
              label={`Show ${name} as a column`}
              title="Show as a column"
              isOn={actions.columns.includes(queryField)}
              onClick={() => actions.onColumn(queryField)}
            >
              <ViewVerticalIcon width={15} height={15} />
            </IconButton>
            <IconButton
              className={styles.wideOnly}
              label={`Count by ${name}`}
              title="Count by this"
              isOn={actions.facets.includes(queryField)}
              onClick={() => actions.onCountBy(queryField)}
            >
              <ListBulletIcon width={15} height={15} />
            </IconButton>
          </>
        )}
        <IconButton
          label={isCopied ? "Copied" : `Copy this ${name}`}
          title={isCopied ? "Copied" : "Copy"}
          onClick={() => copy(value)}
        >
          {isCopied ? <span className={styles.done}>✓</span> : <CopyIcon width={15} height={15} />}
        </IconButton>
      </td>
    </tr>
  );
}
