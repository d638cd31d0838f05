import type { FacetsResponse, RowLevel } from "@polylog/server/contract";
import { Cross2Icon, MinusCircledIcon } from "@radix-ui/react-icons";
import { type MouseEvent, useState } from "react";
import { useSubject } from "../../api/subject.ts";
import { IconButton } from "../../app/icon-button.tsx";
import { shortCount, wholeNumber } from "../../fields/numbers.ts";
import { SEVERITIES } from "../../fields/severity.ts";
import { filterState } from "../page/filter-state.ts";
import type { ClickedValue } from "../rows/value-at.ts";
import styles from "./facets.module.css";

interface FacetProps {
  readonly field: string;
  readonly answer: FacetsResponse["facets"][number] | undefined;
  readonly query: string;
  readonly isOld: boolean;
  readonly isLong: boolean;
  readonly onToggleLong: () => void;
  readonly onValue: (clicked: ClickedValue) => void;
  readonly onRemove: (() => void) | undefined;
}

type Value = FacetsResponse["facets"][number]["values"][number];

/** Levels in their own order, everything else by count. */
function inOrder(field: string, values: readonly Value[]): readonly Value[] {
  if (field !== "level") return values;
  const rank = (value: string) => SEVERITIES.indexOf(value as RowLevel);
  return [...values].sort((a, b) => rank(a.value) - rank(b.value));
}

export function Facet({ field, answer, query, isOld, isLong, onToggleLong, onValue, onRemove }: FacetProps) {
  const { target } = useSubject();
  const [isClosed, setIsClosed] = useState(false);
  const values = answer ? inOrder(field, answer.values) : [];
  const most = values.reduce((largest, { count }) => Math.max(largest, count), 1);
  const pick = (value: string, isExcluded: boolean) => onValue({ field, value, isExcluded });
  return (
    <section className={styles.facet} aria-label={field} data-is-old={isOld}>
      <h2 className={styles.title}>
        <button type="button" aria-expanded={!isClosed} onClick={() => setIsClosed(!isClosed)}>
          <span className={styles.chevron} aria-hidden="true" />
          {field}
        </button>
        {answer?.approximate && (
          <span
            className={styles.approximate}
            title="Counted from a sample or from hourly sums: close, not exact"
          >
            ≈
          </span>
        )}
        {onRemove && (
          <IconButton label={`Remove the facet ${field}`} className={styles.removeFacet} onClick={onRemove}>
            <Cross2Icon width={13} height={13} />
          </IconButton>
        )}
      </h2>
      {!isClosed && (
        <ul className={styles.values}>
          {values.map(({ value, count }) => (
            <FacetValue
              key={value}
              field={field}
              value={value}
              count={count}
              share={count / most}
              state={filterState(query, field, value, target)}
              isApproximate={answer?.approximate ?? false}
              onPick={pick}
            />
          ))}
          {answer && values.length === 0 && <li className={styles.none}>None</li>}
          {!answer && <li className={styles.waiting} aria-hidden="true" />}
          {answer && (values.length >= 8 || isLong) && (
            <li>
              <button type="button" className={styles.more} onClick={onToggleLong}>
                {isLong ? "Fewer" : "More"}
              </button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

interface FacetValueProps {
  readonly field: string;
  readonly value: string;
  readonly count: number;
  readonly share: number;
  readonly state: "filtered" | "excluded" | undefined;
  readonly isApproximate: boolean;
  readonly onPick: (value: string, isExcluded: boolean) => void;
}

function FacetValue({ field, value, count, share, state, isApproximate, onPick }: FacetValueProps) {
  const { many } = useSubject();
  const shown = value === "" ? "(empty)" : value;
  return (
    <li className={styles.value} data-state={state}>
      <button
        type="button"
        className={styles.pick}
        aria-pressed={state === "filtered"}
        title={`${shown}\n${isApproximate ? "about " : ""}${wholeNumber(count)} ${many}\nClick to filter, Alt-click to exclude`}
        onClick={(event: MouseEvent) => onPick(value, event.altKey)}
      >
        <span
          className={styles.bar}
          data-level={field === "level" ? value : undefined}
          style={{ width: `${Math.max(1.5, share * 100)}%` }}
        />
        {field === "level" && (
          <i className={styles.swatch} style={{ background: `var(--severity-${cssName(value)})` }} />
        )}
        <span className={styles.name}>{shown}</span>
        <span className={styles.count}>{shortCount(count)}</span>
      </button>
      <IconButton
        label={`Exclude ${field} ${shown}`}
        className={styles.exclude}
        onClick={() => onPick(value, true)}
      >
        <MinusCircledIcon width={14} height={14} />
      </IconButton>
    </li>
  );
}

/** A level's name as part of a variable's name; a value from outside may be anything. */
function cssName(value: string): string {
  return /^[a-z]+$/.test(value) ? value : "unset";
}
