import { createRandom } from "../random.ts";

/** Characters that some layer between a client and the disk could take for its own. */
const PIECES = [..."abc XYZ 019 .,:;'\"\\/{}[]<>&%$#\t\n", ..."éж日\u2028💥", "null", "\\n", "\\u0000"];
const MAX_PIECES = 300;

/** The text of a record, which follows from its id, so that what is found can be compared with what was sent. */
export function payloadOf(id: string): string {
  let seed = 7;
  for (const character of id) seed = (Math.imul(seed, 31) + character.charCodeAt(0)) | 0;
  const random = createRandom(seed);
  const length = random.below(random.once(10) ? MAX_PIECES : 40);
  const pieces = Array.from({ length }, () => random.pick(PIECES));
  // Receivers may trim a text.
  return `${id}|${pieces.join("")}|`;
}
