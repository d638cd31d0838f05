/** The values of a statement, which is where everything that a person typed goes: never into its text. */
export interface Parameters {
  /** Adds a value and answers what stands for it in the statement, `{q0:String}`. Equal values share one. */
  add(value: unknown, type: ParameterType): string;
  readonly values: Readonly<Record<string, unknown>>;
}

export type ParameterType = "String" | "Array(String)" | "Float64" | "UInt64" | "UInt8" | "Int64";

/**
 * An empty set of parameters.
 *
 * @param prefix how their names begin; another than `q` when two sets meet in one statement
 */
export function createParameters(prefix = "q"): Parameters {
  const values: Record<string, unknown> = {};
  const known = new Map<string, string>();
  return {
    values,
    add(value, type) {
      const key = `${type} ${JSON.stringify(value)}`;
      let placeholder = known.get(key);
      if (placeholder === undefined) {
        const name = `${prefix}${known.size}`;
        values[name] = value;
        placeholder = `{${name}:${type}}`;
        known.set(key, placeholder);
      }
      return placeholder;
    },
  };
}
