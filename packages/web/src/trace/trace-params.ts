/** What the address of a trace page carries besides the trace's id. */
export interface TraceParams {
  /** The span that is open: its key. */
  readonly span?: string;
  /** What spans are searched for. */
  readonly find?: string;
}

export function readTraceParams(raw: Readonly<Record<string, unknown>>): TraceParams {
  return {
    ...(typeof raw.span === "string" && raw.span !== "" ? { span: raw.span } : {}),
    ...(typeof raw.find === "string" && raw.find !== "" ? { find: raw.find } : {}),
  };
}
