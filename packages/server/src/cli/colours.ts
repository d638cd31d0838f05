import pc from "picocolors";
import type { RowLevel } from "../contract/rows.ts";

type Paint = (text: string) => string;

/** What text looks like; without colour each of these returns its text. */
export interface Colours {
  readonly isOn: boolean;
  readonly dim: Paint;
  readonly bold: Paint;
  readonly error: Paint;
  readonly good: Paint;
  readonly accent: Paint;
  /** The same colours as in the pages. */
  readonly level: Readonly<Record<RowLevel, Paint>>;
}

/** Colours that paint, or that don't. */
export function colours(isOn: boolean): Colours {
  const c = pc.createColors(isOn);
  return {
    isOn,
    dim: c.dim,
    bold: c.bold,
    error: c.red,
    good: c.green,
    accent: c.cyan,
    level: {
      trace: c.gray,
      debug: c.gray,
      info: c.blueBright,
      warn: c.yellow,
      error: c.red,
      fatal: (text) => c.bgMagenta(c.whiteBright(c.bold(text))),
      unset: c.dim,
    },
  };
}

/**
 * Whether a stream takes colour: NO_COLOR and FORCE_COLOR decide when they are set, else it is what a terminal does.
 *
 * Source: no-color.org and force-color.org; FORCE_COLOR=0 and `false` mean no colour, as in Node itself.
 */
export function takesColour(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = environment;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== "") return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  if (NO_COLOR !== undefined && NO_COLOR !== "") return false;
  return stream.isTTY === true && TERM !== "dumb";
}
