import { layoutFormat } from "./layout.ts";

/**
 * Lines without a time that begin with a level: `INFO: ready`, `[warn] slow`, uvicorn, winston's simple form.
 * `Error: …` with one capital is an exception's name and belongs to the message.
 */
export const leveled = layoutFormat(
  "leveled",
  (line) => /^(?:\[ ?[A-Za-z]{3,8} ?\] |(?:[A-Z]{4,8}|[a-z]{4,7}): |[A-Z]{4,8} {1,3}\S)/.test(line),
  ["[%level] %message", "%level: %message", "%level %message"],
);
