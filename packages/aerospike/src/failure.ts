import type { ClientError, StatusCodes } from "./client.ts";

/** How a failed operation is told of: in attributes of few values, fit for metrics. */
export interface Failure {
  /** The name of the status, such as `ERR_RECORD_NOT_FOUND`. */
  readonly type: string;
  /** The server's code, in decimal digits; `undefined` when the client failed on its own. */
  readonly statusCode: string | undefined;
  readonly message: string;
}

/** Each constant of the client stands twice in its table; this is how the longer one begins. */
const PREFIX = "AEROSPIKE_";

/** @param codes the client's own table, in which its release says what codes it knows */
export function createFailures(codes: StatusCodes): (error: unknown) => Failure {
  const names = new Map<unknown, string>();
  for (const [name, code] of Object.entries(codes)) {
    if (typeof code === "number" && !name.startsWith(PREFIX) && !names.has(code)) names.set(code, name);
  }
  return (error) => {
    const { name, message, code } = (error ?? {}) as Partial<ClientError>;
    return {
      type: names.get(code) ?? String(name ?? "Error"),
      statusCode: typeof code === "number" && code > 0 ? String(code) : undefined,
      message: String(message ?? error),
    };
  };
}
