/**
 * The start of a line, which pino writes itself, before any field of the application: level (under whatever key), time,
 * and pid, host and name of its defaults. Only by their place can they be told from fields of the application that have
 * the same keys, as JSON.parse keeps the last of them.
 */
export interface LineHead {
  readonly levelKey: string;
  /** A number, or a label. */
  readonly level: string | number;
  readonly time: string | number | undefined;
  readonly name: string | undefined;
}

/** Level as number or label, time as number or text, name. No part can match in two ways: it takes linear time. */
const HEAD =
  /^\{"([^"\\]+)":(?:(-?\d+)|"([^"\\]*)")(?:,"time":(?:(\d+(?:\.\d+)?)|"([^"\\]*)"))?(?:,"pid":\d+)?(?:,"hostname":"[^"\\]*")?(?:,"name":"([^"\\]*)")?/;

/** Hot. `undefined` when the line doesn't begin as pino's do. */
export function readHead(line: string): LineHead | undefined {
  const match = HEAD.exec(line);
  if (match === null) return undefined;
  return {
    levelKey: match[1]!,
    level: numberOr(match[2], match[3]!),
    time: numberOr(match[4], match[5]),
    name: match[6],
  };
}

function numberOr<Text extends string | undefined>(number: string | undefined, text: Text): number | Text {
  return number === undefined ? text : Number(number);
}
