import { flat } from "./flat.ts";

/**
 * The same function, which remembers its last answer. Errors come in bursts that share a stack, and making a stack fit for a
 * line takes more than all the rest of the record.
 */
export function rememberLast(make: (text: string) => string): (text: string) => string {
  let last = "";
  let made = flat(make(last));
  return (text) => {
    if (text !== last) {
      made = flat(make(text));
      last = text;
    }
    return made;
  };
}
