import { type Format, newDraft } from "./format.ts";
import { guessSeverity } from "./guess-severity.ts";

/** Everything else: the line is the body, and a level word near its beginning is its level. */
export const plain: Format = {
  name: "plain",
  detect: () => true,
  parse(line) {
    const draft = newDraft();
    draft.body = line;
    guessSeverity(draft);
    return draft;
  },
};
