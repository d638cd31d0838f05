import { type Extension, RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { type TokenKind, tokenize } from "@polylog/server/query";

/** The class of each kind of token; a kind that is left out is plain text. */
const CLASS: Partial<Record<TokenKind, string>> = {
  field: "q-field",
  colon: "q-punctuation",
  comparison: "q-operator",
  and: "q-operator",
  or: "q-operator",
  not: "q-operator",
  minus: "q-operator",
  to: "q-operator",
  pipe: "q-operator",
  open: "q-punctuation",
  close: "q-punctuation",
  rangeOpen: "q-punctuation",
  rangeClose: "q-punctuation",
  string: "q-string",
  unclosed: "q-string",
  regex: "q-regex",
};

function decorate(text: string): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  let isValue = false;
  for (const token of tokenize(text)) {
    const name = token.kind === "word" && isValue ? "q-value" : CLASS[token.kind];
    if (name !== undefined && token.end > token.start) {
      builder.add(token.start, token.end, Decoration.mark({ class: name }));
    }
    isValue = token.kind === "colon" || (isValue && token.kind === "comparison");
  }
  return builder.finish();
}

/** Colours the query by the tokens of the language itself, on every key press. */
export function highlighting(): Extension {
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet;

      constructor(view: EditorView) {
        this.decorations = decorate(view.state.doc.toString());
      }

      update(update: ViewUpdate) {
        if (update.docChanged) this.decorations = decorate(update.state.doc.toString());
      }
    },
    { decorations: (plugin) => plugin.decorations },
  );
}

export const highlightTheme = EditorView.baseTheme({
  ".q-field": { color: "var(--syntax-field)" },
  ".q-punctuation": { color: "var(--syntax-punctuation)" },
  ".q-operator": { color: "var(--syntax-operator)", fontWeight: "600" },
  ".q-value": { color: "var(--syntax-value)" },
  ".q-string": { color: "var(--syntax-string)" },
  ".q-regex": { color: "var(--syntax-regex)" },
});
