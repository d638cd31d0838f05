import { type EditorState, type Extension, Facet, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";
import { parseQuery, type QueryError, type Target } from "@polylog/server/query";

/** What is wrong with a text, or `undefined` when it can be asked. */
export function errorOf(text: string, target: Target): QueryError | undefined {
  const result = parseQuery(text, { target });
  return result.ok ? undefined : result.error;
}

/** `Expected a value after …`, with what could stand there when that is short. */
export function errorText(error: QueryError): string {
  return error.expected.length === 0 ? error.message : `${error.message}. Write ${error.expected.join(", ")}`;
}

/** What the query is asked of. */
export const queryTarget = Facet.define<Target, Target>({ combine: ([target]) => target ?? "logs" });

function errorIn(state: EditorState): QueryError | undefined {
  return errorOf(state.doc.toString(), state.facet(queryTarget));
}

const show = StateEffect.define<QueryError | undefined>();

/** Stands where something is missing: there is no text to underline. */
class Gap extends WidgetType {
  override toDOM(): HTMLElement {
    const element = document.createElement("span");
    element.className = "q-gap";
    return element;
  }
}

function mark(error: QueryError, length: number): DecorationSet {
  const start = Math.min(error.start, length);
  const end = Math.min(error.end, length);
  return Decoration.set(
    start < end
      ? Decoration.mark({ class: "q-error" }).range(start, end)
      : Decoration.widget({ widget: new Gap(), side: 1 }).range(start),
  );
}

const field = StateField.define<DecorationSet>({
  create: (state) => {
    const error = errorIn(state);
    return error ? mark(error, state.doc.length) : Decoration.none;
  },
  update: (marks, transaction) => {
    for (const effect of transaction.effects) {
      if (effect.is(show))
        return effect.value ? mark(effect.value, transaction.newDoc.length) : Decoration.none;
    }
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (self) => EditorView.decorations.from(self),
});

/** A query is wrong at almost every key press; it is said only when the hand rests. */
const PAUSE_MS = 500;

/**
 * Underlines the place of an error once the hand rests, or at once when a wrong query is run.
 *
 * @param onError told of the error, and of its end
 */
export function errorMarks(onError: (error: QueryError | undefined) => void): Extension {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return [
    field,
    EditorView.updateListener.of((update) => {
      if (!update.docChanged) return;
      clearTimeout(timer);
      onError(undefined);
      timer = setTimeout(() => {
        if (!isUnfinished(update.view)) onError(markError(update.view));
      }, PAUSE_MS);
    }),
    EditorView.baseTheme({
      ".q-error": {
        textDecoration: "underline wavy var(--danger)",
        textDecorationSkipInk: "none",
        textUnderlineOffset: "3px",
      },
      ".q-gap": {
        display: "inline-block",
        width: "1ch",
        borderBottom: "2px solid var(--danger)",
        height: "1em",
        verticalAlign: "text-bottom",
      },
    }),
  ];
}

/** Whether only the end is missing: `level:` is on its way to a value, and its completions are what is needed. */
function isUnfinished(view: EditorView): boolean {
  const error = errorIn(view.state);
  return view.hasFocus && error !== undefined && error.end >= view.state.doc.length;
}

/** Underlines what is wrong now and returns it. */
export function markError(view: EditorView): QueryError | undefined {
  const error = errorIn(view.state);
  view.dispatch({ effects: show.of(error) });
  return error;
}
