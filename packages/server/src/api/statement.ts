/** A question to the engine: text that we wrote, with `{name:Type}` in place of each value, and the values. */
export interface Statement {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}
