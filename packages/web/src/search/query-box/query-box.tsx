import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { QueryError } from "@polylog/server/query";
import { Cross2Icon, MagnifyingGlassIcon, ResetIcon } from "@radix-ui/react-icons";
import { type RefObject, useEffect, useImperativeHandle, useRef, useState } from "react";
import { useSubject } from "../../api/subject.ts";
import { IconButton } from "../../app/icon-button.tsx";
import type { CompletionData } from "./complete.ts";
import { type EditorHandlers, queryEditor, runQuery } from "./editor.ts";
import { errorOf, errorText } from "./error-mark.ts";
import styles from "./query-box.module.css";

export interface QueryBoxHandle {
  readonly focus: () => void;
}

interface QueryBoxProps {
  readonly handle: RefObject<QueryBoxHandle | null>;
  /** The query that the address has. */
  readonly query: string;
  readonly data: CompletionData;
  /** What the server found wrong with the query, if it did. */
  readonly serverError: QueryError | undefined;
  readonly onRun: (query: string) => void;
  readonly onLeave: () => void;
}

const HINTS = {
  logs: {
    short: "words, level:>=warn, service:checkout",
    long: 'words, "a phrase", level:>=warn, service:checkout, -path:/health',
  },
  traces: {
    short: "service:checkout duration:>1s",
    long: "service:checkout, name:POST*, duration:>500ms, status:error",
  },
} as const;

export function QueryBox({ handle, query, data, serverError, onRun, onLeave }: QueryBoxProps) {
  const { target } = useSubject();
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const [text, setText] = useState(query);
  const [error, setError] = useState<QueryError | undefined>(undefined);
  const latest = useRef({ data, onRun, onLeave });
  latest.current = { data, onRun, onLeave };

  const [handlers] = useState<EditorHandlers>(() => ({
    onChange: setText,
    onRun: (next) => latest.current.onRun(next),
    onError: setError,
    onLeave: () => latest.current.onLeave(),
  }));

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once and told of changes
  useEffect(() => {
    if (!place.current) return;
    const editor = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: query,
        extensions: queryEditor(
          handlers,
          {
            fields: (signal) => latest.current.data.fields(signal),
            values: (field, prefix, signal) => latest.current.data.values(field, prefix, signal),
          },
          {
            target,
            hint: HINTS[target][window.matchMedia("(max-width: 760px)").matches ? "short" : "long"],
          },
        ),
      }),
    });
    view.current = editor;
    setError(errorOf(query, target));
    return () => {
      view.current = undefined;
      editor.destroy();
    };
  }, []);

  // A filter from a click, or "back", changes the address; the text follows it.
  useEffect(() => {
    // React may run an effect in the middle of anything that moves the focus, the editor's own update included, and
    // an editor takes no change while it is updated.
    queueMicrotask(() => {
      const editor = view.current;
      if (!editor || editor.state.doc.toString() === query) return;
      editor.dispatch({
        changes: { from: 0, to: editor.state.doc.length, insert: query },
        selection: { anchor: query.length },
      });
    });
  }, [query]);

  useImperativeHandle(handle, () => ({
    focus: () => {
      const editor = view.current;
      if (!editor) return;
      editor.focus();
      editor.dispatch({ selection: { anchor: editor.state.doc.length } });
    },
  }));

  const shownError = error ?? (text === query ? serverError : undefined);
  return (
    <search className={styles.box} data-is-wrong={shownError !== undefined}>
      <MagnifyingGlassIcon width={16} height={16} className={styles.sign} aria-hidden="true" />
      <div ref={place} className={styles.editor} />
      {text !== query && (
        <button
          type="button"
          className={styles.run}
          title="Run the query"
          onClick={() => view.current && runQuery(view.current, handlers)}
        >
          <ResetIcon width={13} height={13} aria-hidden="true" /> Enter
        </button>
      )}
      {text !== "" && (
        <IconButton
          label="Clear the query"
          onClick={() => {
            view.current?.dispatch({ changes: { from: 0, to: view.current.state.doc.length, insert: "" } });
            onRun("");
            view.current?.focus();
          }}
        >
          <Cross2Icon width={15} height={15} />
        </IconButton>
      )}
      {shownError && (
        <p className={styles.error} role="alert">
          {errorText(shownError)}
        </p>
      )}
    </search>
  );
}
