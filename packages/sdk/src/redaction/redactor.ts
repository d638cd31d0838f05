/** Masks values before anything sees them. */
export interface Redaction {
  /** Keys at any depth (`password`), or paths (`user.card.number`, `headers["x-api-key"]`, `items[*].token`). */
  readonly keys: readonly string[];
  /** @defaultValue "[redacted]" */
  readonly censor?: string;
}

/** A place in the tree of the paths that are masked. */
export interface RedactionPath {
  /** A path ends here: what lies here is masked. */
  readonly isEnd: boolean;
  readonly members: ReadonlyMap<string, RedactionPath>;
  /** `*` */
  readonly anyMember: RedactionPath | undefined;
  /** `[*]`, or the `*` of a list. */
  readonly element: RedactionPath | undefined;
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

interface Building {
  isEnd: boolean;
  members: Map<string, Building>;
  anyMember: Building | undefined;
  element: Building | undefined;
}

const newPlace = (): Building => ({
  isEnd: false,
  members: new Map(),
  anyMember: undefined,
  element: undefined,
});

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
    root: hasPaths ? root : undefined,
    isKey: (name) => keys.has(name.toLowerCase()),
  };
}

function follow(place: Building, step: string): Building {
  if (step === "*") {
    const next = place.anyMember ?? newPlace();
    place.anyMember = next;
    place.element = next;
    return next;
  }
  const next = place.members.get(step) ?? newPlace();
  place.members.set(step, next);
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
