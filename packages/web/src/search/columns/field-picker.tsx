import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useId, useMemo, useState } from "react";
import type { Question } from "../../api/logs.ts";
import { fieldNames, useSubject } from "../../api/subject.ts";
import { shortCount } from "../../fields/numbers.ts";
import styles from "./columns.module.css";

interface FieldPickerProps {
  readonly question: Question;
  readonly label: string;
  /** Fields that are no choice here. */
  readonly without?: readonly string[];
  readonly isTaken: (field: string) => boolean;
  readonly onPick: (field: string) => void;
}

/** More are found by typing. */
const SHOWN = 200;

/** A list of the fields that records of this time have, narrowed by typing. */
export function FieldPicker({ question, label, without = [], isTaken, onPick }: FieldPickerProps) {
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const list = useId();
  const subject = useSubject();
  const { data } = useQuery({
    queryKey: ["fields", subject.target, question.from, question.to],
    queryFn: ({ signal }) => fieldNames(subject, question, signal),
  });
  const matching = useMemo(() => {
    const wanted = typed.trim().toLowerCase();
    return (data?.fields ?? [])
      .filter((field) => !without.includes(field.name) && field.name.toLowerCase().includes(wanted))
      .slice(0, SHOWN);
  }, [data, typed, without]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setActive(Math.min(active + 1, matching.length - 1));
    else if (event.key === "ArrowUp") setActive(Math.max(active - 1, 0));
    else if (event.key === "Enter") {
      // Until the names are there, half a name is not meant as a whole one.
      const picked = matching[active]?.name ?? (data ? typed.trim() : "");
      if (picked !== "") onPick(picked);
    } else return;
    event.preventDefault();
  };

  return (
    <div className={styles.picker}>
      <input
        data-autofocus
        className={styles.typed}
        placeholder={label}
        aria-label={label}
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={matching[active] ? `${list}-${active}` : undefined}
        value={typed}
        spellCheck={false}
        onChange={(event) => {
          setTyped(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={list} role="listbox" aria-label={label} className={styles.names}>
        {matching.map((field, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={`${field.kind} ${field.name}`}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={isTaken(field.name)}
            className={styles.option}
            data-is-active={index === active}
            ref={index === active ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
            onClick={() => onPick(field.name)}
          >
            <span className={styles.check} aria-hidden="true">
              {isTaken(field.name) ? "✓" : ""}
            </span>
            <span className={styles.name}>{field.name}</span>
            <span className={styles.kind}>
              {field.kind === "column" ? "" : field.kind} {field.count > 0 ? shortCount(field.count) : ""}
            </span>
          </div>
        ))}
        {data && matching.length === 0 && <p className={styles.none}>No field of this time has that name</p>}
      </div>
    </div>
  );
}
