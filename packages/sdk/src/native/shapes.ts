/** Makes an object of the values of its fields. */
export type Make = (values: readonly unknown[]) => Record<string, unknown>;

/** The fields that records of a place in the code have, in their order. */
export interface Shape {
  /** Numbers of their names. */
  readonly ids: readonly number[];
  readonly make: Make;
}

/** Such names are all that ever gets into code. */
const PLAIN = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
/** Fields of a shape; shapes that are made. */
const MOST_FIELDS = 16;
const MOST_SHAPES = 1_000;

/**
 * Shapes of those who log again and again. Fields that are put into an object one by one, by names that are only known then,
 * cost some 30 ns each: a function of their own, in which they stand as a literal, makes the whole object in 10 to 20.
 *
 * @param compile makes a function of code; throws where the process allows none to be made
 */
export function createShapes(compile: (code: string) => Make = compileCode) {
  const made = new Map<string, Make>();
  let isAllowed = true;

  /** `undefined` when fields must be put in one by one. */
  return (ids: readonly number[], names: readonly string[]): Shape | undefined => {
    if (!isAllowed || ids.length > MOST_FIELDS || !names.every(isPlain)) return undefined;
    const code = `return { ${names.map((name, at) => `${JSON.stringify(name)}: values[${at}]`).join()} };`;
    let make = made.get(code);
    if (make === undefined) {
      if (made.size >= MOST_SHAPES) return undefined;
      try {
        make = compile(code);
      } catch {
        // `node --disallow-code-generation-from-strings`
        isAllowed = false;
        return undefined;
      }
      made.set(code, make);
    }
    return { ids, make };
  };
}

function compileCode(code: string): Make {
  return new Function("values", code) as Make;
}

function isPlain(name: string): boolean {
  return name !== "__proto__" && PLAIN.test(name);
}
