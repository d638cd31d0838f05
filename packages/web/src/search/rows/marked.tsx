import { markedParts } from "./matched-words.ts";

interface MarkedProps {
  readonly text: string;
  readonly finder: RegExp | undefined;
}

/** A text in which the words of the query are marked. */
export function Marked({ text, finder }: MarkedProps) {
  if (!finder) return text;
  return markedParts(text, finder).map(({ text: part, isMatch }, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text never change their order
    isMatch ? <mark key={index}>{part}</mark> : part,
  );
}
