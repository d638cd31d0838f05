import type { Problem } from "@polylog/server/contract";

/** The server answered, and said no. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    super(problem.message);
    this.status = status;
    this.problem = problem;
  }
}

/** Nobody answered, or something on the way answered in the server's place. */
export class ServerAwayError extends Error {
  override readonly name = "ServerAwayError";
}

/** The problem in an answer's body, or a plain one when the body is something else. */
export function problemOf(status: number, body: unknown): Problem {
  if (typeof body === "object" && body !== null && "message" in body && typeof body.message === "string") {
    return { code: "POLYLOG_E_INTERNAL", ...body } as Problem;
  }
  return { code: "POLYLOG_E_INTERNAL", message: `The server answered with status ${status}` };
}
