/** Masks values before anything sees them. */
export interface Redaction {
  /** Keys at any depth (`password`), or paths (`user.card.number`, `headers["x-api-key"]`, `items[*].token`). */
  readonly keys: readonly string[];
  /** @defaultValue "[redacted]" */
  readonly censor?: string;
}

/** How far the paths that are masked have been followed. Answers `undefined` where none goes on. */
export interface RedactionPath {
  /** A path ends here: what lies here is masked. */
  readonly isEnd: boolean;
  /** By its name, and by `*`. */
  member(name: string): RedactionPath | undefined;
  /** By its index (`[0]`), and by `[*]`. */
  element(index: number): RedactionPath | undefined;
}

/** Says what is secret. */
export interface Redactor {
  /** What stands for a secret. */
  readonly censor: string;
  /** True when fields of this name are secret wherever they stand. Case makes no difference. */
  isKey(name: string): boolean;
  readonly hasPaths: boolean;
  readonly root: RedactionPath | undefined;
}

/** A place in the tree of all paths. */
interface Place {
  isEnd: boolean;
  /** By name or index. */
  readonly members: Map<string, Place>;
  /** `*` and `[*]` */
  any: Place | undefined;
}

const newPlace = (): Place => ({ isEnd: false, members: new Map(), any: undefined });

/** `a`, `.a`, `["a b"]`, `['a']`, `[*]`, `.*` */
const STEP = /\.?([^.[\]"']+)|\[(?:"([^"]*)"|'([^']*)'|(\*|\d+))\]/y;

/**
 * A redactor for keys at any depth (`password`) and for paths (`user.card.number`, `headers["x-api-key"]`,
 * `items[*].token`).
 *
 * @throws RangeError for a path that can't be read
 * @example
 * createRedactor(["password", "user.card.number"]).isKey("Password"); // true
 */
export function createRedactor(patterns: readonly string[], censor = "[redacted]"): Redactor {
  const keys = new Set<string>();
  const root = newPlace();
  let hasPaths = false;
  for (const pattern of patterns) {
    const steps = stepsOf(pattern);
    const [only] = steps;
    if (steps.length === 1 && only !== undefined && only !== "*") {
      keys.add(only.toLowerCase());
      continue;
    }
    hasPaths = true;
    let place = root;
    for (const step of steps) place = follow(place, step);
    place.isEnd = true;
  }
  return {
    censor,
    hasPaths,
    root: hasPaths ? pathAt([root]) : undefined,
    isKey: (name) => keys.has(name.toLowerCase()),
  };
}

/** A name and `*` may both lead on from one place, so there can be several at once. */
function pathAt(places: readonly Place[]): RedactionPath | undefined {
  if (places.length === 0) return undefined;
  const member = (name: string) =>
    pathAt(places.flatMap(({ members, any }) => [members.get(name) ?? [], any ?? []].flat()));
  return {
    isEnd: places.some((place) => place.isEnd),
    member,
    element: (index) => member(String(index)),
  };
}

function follow(place: Place, step: string): Place {
  const next = (step === "*" ? place.any : place.members.get(step)) ?? newPlace();
  if (step === "*") place.any = next;
  else place.members.set(step, next);
  return next;
}

function stepsOf(pattern: string): string[] {
  const steps: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < pattern.length) {
    const found = STEP.exec(pattern);
    if (found === null) throw new RangeError(`"${pattern}" is no path: a.b, a["b c"] and a[*].b are`);
    steps.push(found[1] ?? found[2] ?? found[3] ?? found[4] ?? "");
  }
  if (steps.length === 0) throw new RangeError("an empty path names nothing");
  return steps;
}
