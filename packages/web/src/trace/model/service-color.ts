/** How many colours tell services apart; `--service-0` to `--service-7` in `app/tokens.css`. None is an error's red. */
const COLORS = 8;

/**
 * The colour of a service. By its name rather than by its place in the trace, so that a service has the same colour
 * in every trace; a neighbour takes the next one when two names meet on the same.
 */
export function serviceColors(services: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<number>();
  const colors = new Map<string, string>();
  for (const service of services) {
    let color = hash(service) % COLORS;
    for (let step = 0; taken.has(color) && step < COLORS; step++) color = (color + 1) % COLORS;
    taken.add(color);
    colors.set(service, `var(--service-${color})`);
  }
  return colors;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 2_166_136_261;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 16_777_619) >>> 0;
  return value;
}
