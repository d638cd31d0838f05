import type { Target } from "../query/index.ts";

/** What can be asked about, for the routes that are the same for logs and for spans. */
export interface Subject {
  readonly target: Target;
  /** Of the address and of the description. */
  readonly tag: "logs" | "traces";
  /** What one of them is called. */
  readonly things: "records" | "spans";
  /** The id of an operation in the description, which has to be one of its own. */
  operation(name: string): string;
}

export const SUBJECTS: readonly Subject[] = [
  { target: "logs", tag: "logs", things: "records", operation: (name) => name },
  {
    target: "traces",
    tag: "traces",
    things: "spans",
    operation: (name) => `span${name.charAt(0).toUpperCase()}${name.slice(1)}`,
  },
];
