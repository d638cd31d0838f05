import type { QueryLimits } from "../../config/server-config.ts";
import type { Question } from "../ask.ts";
import { countQuestion } from "../count-question.ts";
import type { Statement } from "../statement.ts";
import type { Window } from "../window.ts";

/** How many records of the window match a condition; no row means none. */
export function totalQuestion(
  window: Window,
  condition: Statement,
  limits: QueryLimits,
  timeout?: number,
): Question {
  return countQuestion(
    { window, condition, keys: [], ...(timeout === undefined ? {} : { timeout }) },
    limits,
  );
}
