import { Popover } from "@mantine/core";
import { PlusIcon } from "@radix-ui/react-icons";
import { useState } from "react";
import type { Question } from "../../api/logs.ts";
import { FieldPicker } from "../columns/field-picker.tsx";
import styles from "./facets.module.css";

interface AddFacetProps {
  readonly question: Question;
  readonly taken: readonly string[];
  readonly onAdd: (field: string) => void;
}

/** Texts that are different in each record: there is nothing to count. */
const NO_FACETS: readonly string[] = ["message"];

export function AddFacet({ question, taken, onAdd }: AddFacetProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="right-start" trapFocus withinPortal shadow="none">
      <Popover.Target>
        <button type="button" className={styles.add} onClick={() => setIsOpen(!isOpen)}>
          <PlusIcon width={14} height={14} /> Add a field
        </button>
      </Popover.Target>
      <Popover.Dropdown className={styles.picker ?? ""}>
        <FieldPicker
          question={question}
          label="Field to count by"
          without={NO_FACETS}
          isTaken={(field) => taken.includes(field)}
          onPick={(field) => {
            setIsOpen(false);
            onAdd(field);
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}
