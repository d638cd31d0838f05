import { severityOfWord } from "../record/severity.ts";
import type { Draft } from "./format.ts";

/** A level stands at the beginning of a message or not at all. */
const WINDOW = 160;

/** In capitals a level word is a level anywhere near the beginning. */
const CAPITALS =
  /\b(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERR(?:OR)?|CRIT(?:ICAL)?|FATAL|PANIC|ALERT|EMERG)\b/;
/** In any case it is one in brackets, before a colon at the very beginning, or as `level=`. */
const MARKED =
  /^\W{0,4}(trace|debug|info|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|panic)(?: error)?:|[[<(](trace|debug|info|notice|warn(?:ing)?|err(?:or)?|crit(?:ical)?|fatal|panic)[\])>]|\blevel=(\w{1,12})/i;

/** Guesses the severity from a level word in the body, when nothing else tells it. */
export function guessSeverity(draft: Draft): void {
  const head = draft.body.length > WINDOW ? draft.body.slice(0, WINDOW) : draft.body;
  const marked = MARKED.exec(head);
  const word = marked?.[1] ?? marked?.[2] ?? marked?.[3] ?? CAPITALS.exec(head)?.[0];
  if (word === undefined) return;
  draft.severityNumber = severityOfWord(word);
  if (draft.severityNumber > 0) draft.severityText = word;
}
