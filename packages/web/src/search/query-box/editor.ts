import {
  acceptCompletion,
  autocompletion,
  closeCompletion,
  completionKeymap,
  completionStatus,
  selectedCompletion,
  setSelectedCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { EditorState, type Extension, Prec } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import type { QueryError, Target } from "@polylog/server/query";
import { type CompletionData, completionSource } from "./complete.ts";
import { errorMarks, markError, queryTarget } from "./error-mark.ts";
import { highlighting, highlightTheme } from "./highlight.ts";

export interface EditorHandlers {
  readonly onChange: (text: string) => void;
  /** Enter on a query that can be asked. */
  readonly onRun: (text: string) => void;
  readonly onError: (error: QueryError | undefined) => void;
  /** Escape, when there is nothing left to close. */
  readonly onLeave: () => void;
}

/** A query is one line; what is pasted with breaks is joined. */
const oneLine = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || transaction.newDoc.lines === 1) return transaction;
  const text = transaction.newDoc.toString().replace(/\s*\n\s*/g, " ");
  return [
    {
      changes: { from: 0, to: transaction.startState.doc.length, insert: text },
      selection: { anchor: Math.min(text.length, transaction.newSelection.main.head) },
    },
  ];
});

const look = EditorView.theme({
  "&": { fontSize: "13.5px", backgroundColor: "transparent", color: "var(--text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--font-mono)",
    lineHeight: "20px",
    overflow: "hidden auto",
    maxHeight: "86px",
  },
  ".cm-content": { padding: "6px 0", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 2px" },
  // A hint that is cut off, rather than a box that is higher while it is empty.
  ".cm-placeholder": {
    maxWidth: "100%",
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
    color: "var(--text-dim)",
  },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  ".cm-tooltip": {
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius)",
    backgroundColor: "var(--ground-raised)",
    color: "var(--text)",
    boxShadow: "var(--shadow)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete": { marginTop: "9px" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--font-mono)",
    fontSize: "12.5px",
    maxHeight: "min(340px, 60vh)",
    minWidth: "260px",
    maxWidth: "min(620px, 92vw)",
    padding: "4px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    alignItems: "center",
    height: "26px",
    padding: "0 8px",
    borderRadius: "3px",
    lineHeight: "26px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": {
    background: "var(--ground-active)",
    color: "var(--text)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > completion-section": {
    display: "block",
    padding: "6px 8px 2px",
    borderBottom: "0",
    fontFamily: "var(--font-sans)",
    fontSize: "11px",
    color: "var(--text-dim)",
    opacity: "1",
  },
  ".cm-completionLabel": { overflow: "hidden", textOverflow: "ellipsis", unicodeBidi: "isolate" },
  ".cm-completionDetail": {
    marginLeft: "auto",
    paddingLeft: "16px",
    fontFamily: "var(--font-sans)",
    fontSize: "11px",
    fontStyle: "normal",
    color: "var(--text-dim)",
  },
  ".cm-completionMatchedText": { textDecoration: "none", color: "var(--accent-text)", fontWeight: "600" },
});

/** Runs the query. A wrong one is underlined at once and not run. */
export function runQuery(view: EditorView, handlers: EditorHandlers): boolean {
  closeCompletion(view);
  const error = markError(view);
  handlers.onError(error);
  if (!error) handlers.onRun(view.state.doc.toString());
  return true;
}

/** Everything that makes the editor a query box. */
export function queryEditor(
  handlers: EditorHandlers,
  data: CompletionData,
  { target, hint }: { readonly target: Target; readonly hint: string },
): Extension {
  return [
    queryTarget.of(target),
    Prec.highest(
      keymap.of([
        {
          key: "Enter",
          run: (view) => {
            // A completion that is only offered must not swallow the Enter of a query that is finished.
            if (selectedCompletion(view.state) !== null) return acceptCompletion(view);
            return runQuery(view, handlers);
          },
        },
        { key: "Tab", run: acceptFirst },
        {
          key: "Escape",
          run: (view) => {
            if (completionStatus(view.state) !== null) return closeCompletion(view);
            view.contentDOM.blur();
            handlers.onLeave();
            return true;
          },
        },
      ]),
    ),
    keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
    history(),
    EditorView.lineWrapping,
    oneLine,
    placeholder(hint),
    highlighting(),
    highlightTheme,
    look,
    autocompletion({
      override: [completionSource(data, target)],
      icons: false,
      selectOnOpen: false,
      activateOnTypingDelay: 60,
      maxRenderedOptions: 60,
      defaultKeymap: false,
      interactionDelay: 0,
      closeOnBlur: true,
      activateOnCompletion: (completion) => completion.type === "field",
    }),
    errorMarks(handlers.onError),
    EditorView.contentAttributes.of({
      "aria-label": "Query",
      "aria-multiline": "false",
      autocapitalize: "off",
      autocorrect: "off",
      spellcheck: "false",
      enterkeyhint: "search",
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) handlers.onChange(update.state.doc.toString());
    }),
  ];
}

/**
 * Tab takes the completion that is chosen, or the first one; without completions it goes on to the next control.
 * While they are on their way it waits, rather than to leave the box under the hands of somebody who types ahead.
 */
function acceptFirst(view: EditorView): boolean {
  const status = completionStatus(view.state);
  if (status !== "active") return status === "pending";
  if (selectedCompletion(view.state) === null) view.dispatch({ effects: setSelectedCompletion(0) });
  return acceptCompletion(view);
}
