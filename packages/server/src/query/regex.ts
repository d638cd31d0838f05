/**
 * Checks a regular expression against what RE2, ClickHouse's engine, takes, so that the error has words and a
 * place. First version: see below.
 */
export interface RegexProblem {
  readonly message: string;
  /** Offset in the expression. */
  readonly at: number;
}
export function checkRegex(source: string): RegexProblem | undefined {
  const around = /\(\?(?:[=!]|<[=!])/.exec(source);
  if (around !== null)
    return { message: "Lookaround is not available in regular expressions here", at: around.index };
  const back = /\\[1-9]/.exec(source);
  if (back !== null)
    return { message: "Backreferences are not available in regular expressions here", at: back.index };
  try {
    new RegExp(source);
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error), at: 0 };
  }
  return undefined;
}
