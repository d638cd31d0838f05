/** Every error of this package has a code, and says what is wrong, where, and what to do. */
export type AerospikeLogsErrorCode = "POLYLOG_E_AEROSPIKE_PIPE";

export class AerospikeLogsError extends Error {
  override readonly name = "AerospikeLogsError";
  readonly code: AerospikeLogsErrorCode;
  /** What to do about it, one sentence. */
  readonly remedy: string;

  constructor(code: AerospikeLogsErrorCode, message: string, details: { cause: unknown; remedy: string }) {
    super(`${message}. ${details.remedy}`, { cause: details.cause });
    this.code = code;
    this.remedy = details.remedy;
  }
}
