import {
  type Completion,
  type CompletionResult,
  type CompletionSource,
  pickedCompletion,
} from "@codemirror/autocomplete";
import type { EditorView } from "@codemirror/view";
import type { FieldsResponse, ValuesResponse } from "@polylog/server/contract";
import { completionAt, fieldReference, quoteField, quoteValue, type Target } from "@polylog/server/query";
import { VALUES_ASKED } from "../../api/subject.ts";
import { shortCount } from "../../fields/numbers.ts";
import { recentQueries } from "./recent.ts";

/** Where the names and values come from; both are for the time that the page shows. */
export interface CompletionData {
  readonly fields: (signal: AbortSignal) => Promise<FieldsResponse>;
  readonly values: (field: string, prefix: string, signal: AbortSignal) => Promise<ValuesResponse>;
}

const RECENT_SHOWN = 6;
/** Fields of the language itself come before a client's attributes. */
const COLUMN_BOOST = 20;

/** Fields, then values with their counts, then queries that were run before. */
export function completionSource(data: CompletionData, target: Target): CompletionSource {
  return async (context) => {
    const text = context.state.doc.toString();
    const place = completionAt(text, context.pos);
    if (place === null) return null;
    const abort = new AbortController();
    context.addEventListener("abort", () => abort.abort());
    try {
      if (place.kind === "value" && fieldReference(place.field, target).type === "nanoseconds") {
        return lengthResult(place);
      }
      if (place.kind === "value") {
        const { values } = await data.values(place.field, place.prefix, abort.signal);
        return valueResult(place, values, context.pos);
      }
      if (place.kind === "operator") {
        return {
          from: place.from,
          to: context.pos,
          options: place.operators.map(operatorOption),
          filter: false,
        };
      }
      if (place.prefix === "" && text.trim() !== "" && !context.explicit) return null;
      const { fields } = await data.fields(abort.signal);
      return fieldResult(place, { fields, recent: recentQueries(target) }, text, context.pos);
    } catch {
      return null; // The server is away or the typing went on; the list stays closed.
    }
  };
}

type Place = NonNullable<ReturnType<typeof completionAt>>;

/**
 * The completions of a place, narrowed on the spot while the typing goes on there: without a wait there is no moment
 * in which a list is on the screen that cannot be taken from.
 */
function narrowing(
  place: Place,
  pos: number,
  options: readonly Completion[],
  narrow: (next: Place, text: string, pos: number) => CompletionResult | null,
): CompletionResult {
  return {
    from: place.from,
    to: pos,
    options,
    filter: false,
    update: (_result, _from, _to, context) => {
      const text = context.state.doc.toString();
      const next = completionAt(text, context.pos);
      return next === null || next.from !== place.from ? null : narrow(next, text, context.pos);
    },
  };
}

const LENGTHS = [">10ms", ">100ms", ">500ms", ">1s", ">5s", "[100ms TO 1s]"] as const;

/** A length of time is compared with: no two are the same. */
function lengthResult(place: Extract<Place, { kind: "value" }>): CompletionResult {
  const begins = LENGTHS.filter((length) => length.startsWith(place.prefix));
  return {
    from: place.from,
    to: place.to,
    filter: false,
    options: begins.map((length) => ({ label: length, apply: `${length} `, type: "value" })),
  };
}

function valueResult(
  place: Extract<Place, { kind: "value" }>,
  values: ValuesResponse["values"],
  pos: number,
): CompletionResult {
  const options = values.map(({ value, count }, index) => valueOption(value, count, index));
  return narrowing(place, pos, options, (next, _text, nextPos) => {
    const isNarrower =
      next.kind === "value" && next.field === place.field && next.prefix.startsWith(place.prefix);
    // A full answer may have left values out, which a longer prefix brings up.
    if (!isNarrower || values.length >= VALUES_ASKED) return null;
    const wanted = next.prefix.toLowerCase();
    return valueResult(
      next,
      values.filter(({ value }) => value.toLowerCase().startsWith(wanted)),
      nextPos,
    );
  });
}

/** What can be offered where a field may stand. */
interface KnownFields {
  readonly fields: FieldsResponse["fields"];
  readonly recent: readonly string[];
}

function fieldResult(
  place: Extract<Place, { kind: "field" }>,
  known: KnownFields,
  text: string,
  pos: number,
): CompletionResult {
  const wanted = place.prefix.toLowerCase();
  const names = known.fields
    .filter((field) => field.name.toLowerCase().includes(wanted))
    .map((field) => fieldOption(field, wanted));
  const recent = known.recent
    .filter((query) => query !== text && query.toLowerCase().includes(text.trim().toLowerCase()))
    .slice(0, RECENT_SHOWN)
    .map(recentOption);
  const operators = place.prefix === "" ? [] : place.operators.map(operatorOption);
  const options = [...names, ...operators, ...recent].sort((a, b) => (b.boost ?? 0) - (a.boost ?? 0));
  return narrowing(place, pos, options, (next, nextText, nextPos) =>
    next.kind === "field" ? fieldResult(next, known, nextText, nextPos) : null,
  );
}

function fieldOption(field: FieldsResponse["fields"][number], wanted: string): Completion {
  const isStart = field.name.toLowerCase().startsWith(wanted);
  return {
    label: field.name,
    apply: (view, completion, from, to) => {
      const rest = view.state.sliceDoc(to, to + 1) === ":" ? to + 1 : to;
      pick(view, completion, `${quoteField(field.name)}:`, from, rest);
    },
    type: "field",
    detail: field.kind === "column" ? "" : field.kind,
    section: { name: "Fields", rank: 0 },
    boost: (isStart ? 40 : 0) + (field.kind === "column" ? COLUMN_BOOST : 0),
  };
}

function valueOption(value: string, count: number, index: number): Completion {
  return {
    label: value === "" ? "(empty)" : value,
    apply: (view, completion, from, to) => pick(view, completion, `${quoteValue(value)} `, from, to),
    type: "value",
    detail: shortCount(count),
    boost: -index,
  };
}

function operatorOption(word: string): Completion {
  return {
    label: word,
    apply: `${word} `,
    type: "operator",
    section: { name: "Operators", rank: 1 },
    boost: -50,
  };
}

function recentOption(query: string, index: number): Completion {
  return {
    label: query,
    apply: (view, completion) => pick(view, completion, query, 0, view.state.doc.length),
    type: "recent",
    section: { name: "Recent queries", rank: 2 },
    boost: -60 - index,
  };
}

/** Puts a chosen completion in. The mark on it lets the editor go on from a field to its values. */
function pick(view: EditorView, completion: Completion, insert: string, from: number, to: number): void {
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    annotations: pickedCompletion.of(completion),
    userEvent: "input.complete",
  });
}
