import { Popover } from "@mantine/core";
import { ArrowDownIcon, ArrowUpIcon, ColumnsIcon, Cross2Icon } from "@radix-ui/react-icons";
import { useState } from "react";
import type { Question } from "../../api/logs.ts";
import { IconButton } from "../../app/icon-button.tsx";
import { DEFAULT_COLUMNS } from "../page/search-params.ts";
import styles from "./columns.module.css";
import { FieldPicker } from "./field-picker.tsx";

interface ColumnMenuProps {
  readonly question: Question;
  readonly columns: readonly string[];
  readonly onChange: (columns: readonly string[]) => void;
}

/** These have their places on every row. */
const ALWAYS_SHOWN: readonly string[] = ["level", "message"];

/** Which fields have a column of their own, and in which order. */
export function ColumnMenu({ question, columns, onChange }: ColumnMenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const move = (index: number, by: number) => {
    const next = [...columns];
    const [moved] = next.splice(index, 1);
    if (moved !== undefined) next.splice(index + by, 0, moved);
    onChange(next);
  };
  const toggle = (field: string) =>
    onChange(columns.includes(field) ? columns.filter((name) => name !== field) : [...columns, field]);
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" trapFocus withinPortal shadow="none">
      <Popover.Target>
        <IconButton label="Choose columns" onClick={() => setIsOpen(!isOpen)}>
          <ColumnsIcon width={15} height={15} />
        </IconButton>
      </Popover.Target>
      <Popover.Dropdown p={0} w={280}>
        {columns.length > 0 && (
          <ul className={styles.chosen} aria-label="Columns">
            {columns.map((column, index) => (
              <li key={column}>
                <span>{column}</span>
                <IconButton
                  label={`Move ${column} left`}
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                >
                  <ArrowUpIcon width={14} height={14} />
                </IconButton>
                <IconButton
                  label={`Move ${column} right`}
                  disabled={index === columns.length - 1}
                  onClick={() => move(index, 1)}
                >
                  <ArrowDownIcon width={14} height={14} />
                </IconButton>
                <IconButton label={`Remove the column ${column}`} onClick={() => toggle(column)}>
                  <Cross2Icon width={14} height={14} />
                </IconButton>
              </li>
            ))}
          </ul>
        )}
        <FieldPicker
          question={question}
          label="Field to show as a column"
          without={ALWAYS_SHOWN}
          isTaken={(field) => columns.includes(field)}
          onPick={toggle}
        />
        <button
          type="button"
          className={styles.reset}
          onClick={() => {
            onChange(DEFAULT_COLUMNS);
            setIsOpen(false);
          }}
        >
          Back to the usual columns
        </button>
      </Popover.Dropdown>
    </Popover>
  );
}
