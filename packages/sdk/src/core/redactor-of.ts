import { messageOf } from "../format/error.ts";
import type { Problems } from "../problems.ts";
import { createRedactor, type Redaction, type Redactor } from "../redaction/redactor.ts";

/** The redactor that options ask for; a path that can't be read is told, and the rest is masked. */
export function redactorOf(
  redact: readonly string[] | Redaction | undefined,
  problems: Problems,
): Redactor | undefined {
  if (redact === undefined) return undefined;
  const { keys, censor }: Redaction = isList(redact) ? { keys: redact } : redact;
  const good = keys.filter((key) => {
    try {
      createRedactor([key]);
      return true;
    } catch (error) {
      problems.tell("POLYLOG_E_CONFIG", `redact ${key}`, `redact: ${messageOf(error)}; it was left out`);
      return false;
    }
  });
  return good.length === 0 ? undefined : createRedactor(good, censor);
}

function isList(redact: readonly string[] | Redaction): redact is readonly string[] {
  return Array.isArray(redact);
}
