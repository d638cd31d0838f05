import type { QueryLimits } from "../../config/server-config.ts";
import { type CountedRecords, countQuestion } from "../count-question.ts";
import type { Question } from "../question.ts";
import type { Window } from "../window.ts";

/** How many records or spans of the window match a condition; no row means none. */
export function totalQuestion(
  window: Window,
  condition: CountedRecords["condition"],
  limits: QueryLimits,
  timeout?: number,
): Question {
  return countQuestion(
    { window, condition, keys: [], ...(timeout === undefined ? {} : { timeout }) },
    limits,
  );
}
