import type { FacetsResponse } from "@polylog/server/contract";
import { useMemo, useState } from "react";
import type { Question } from "../../api/logs.ts";
import { useSubject } from "../../api/subject.ts";
import { useLastGood } from "../../app/last-good.ts";
import type { ClickedValue } from "../rows/value-at.ts";
import { AddFacet } from "./add-facet.tsx";
import { Facet } from "./facet.tsx";
import styles from "./facets.module.css";
import { useFacets } from "./use-facets.ts";

interface FacetColumnProps {
  readonly question: Question;
  readonly added: readonly string[];
  readonly onAdded: (fields: readonly string[]) => void;
  readonly onValue: (clicked: ClickedValue) => void;
}

type FacetAnswer = FacetsResponse["facets"][number];

/** The commonest values of some fields, beside the list: click to filter by one, Alt-click to exclude it. */
export function FacetColumn({ question, added, onAdded, onValue }: FacetColumnProps) {
  const subject = useSubject();
  const [longFields, setLongFields] = useState<readonly string[]>([]);
  const { fields, short, long } = useFacets(question, added, longFields);
  const shortData = useLastGood(short.data);
  const longData = useLastGood(long.data);
  const answers = useMemo(() => {
    const byField = new Map<string, FacetAnswer>();
    for (const facet of shortData?.facets ?? []) byField.set(facet.field, facet);
    for (const facet of longData?.facets ?? []) byField.set(facet.field, facet);
    return byField;
  }, [shortData, longData]);

  const toggleLong = (field: string) =>
    setLongFields((before) =>
      before.includes(field) ? before.filter((name) => name !== field) : [...before, field],
    );

  return (
    <nav className={styles.column} aria-label="Facets">
      {fields.map((field) => (
        <Facet
          key={field}
          field={field}
          answer={answers.get(field)}
          query={question.query}
          isOld={short.isPlaceholderData || short.isError}
          isLong={longFields.includes(field)}
          onToggleLong={() => toggleLong(field)}
          onValue={onValue}
          onRemove={
            subject.facets.includes(field) ? undefined : () => onAdded(added.filter((name) => name !== field))
          }
        />
      ))}
      <AddFacet question={question} taken={fields} onAdd={(field) => onAdded([...added, field])} />
    </nav>
  );
}
