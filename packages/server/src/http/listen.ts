import type { FastifyInstance } from "fastify";
import { PolylogError } from "../errors.ts";

/** The address that a listener is reached at: `http://127.0.0.1:4318`. */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenError(error, host, port, "--port");
  }
  const address = app.server.address();
  if (address === null || typeof address === "string") throw new Error("the HTTP server has no TCP address");
  return `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
}

/** A failure to listen, told by what can be done about it. */
function listenError(error: unknown, host: string, port: number, flag: string): PolylogError {
  const code = (error as NodeJS.ErrnoException).code;
  const details = { cause: error };
  switch (code) {
    case "EADDRINUSE":
      return new PolylogError("POLYLOG_E_PORT_IN_USE", `Port ${port} on ${host} is in use.`, {
        ...details,
        remedy: `Stop the program that listens there (perhaps another Polylog), or choose a port: ${flag} 0 takes any free one.`,
      });
    case "EACCES":
      return new PolylogError("POLYLOG_E_CONFIG", `This user may not listen on port ${port}.`, {
        ...details,
        remedy: `Choose a port above 1023 with ${flag}.`,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new PolylogError("POLYLOG_E_CONFIG", `This machine has no address ${host}.`, {
        ...details,
        remedy: "Choose one with --host: 127.0.0.1 for this machine only, 0.0.0.0 for every network.",
      });
    default:
      return new PolylogError(
        "POLYLOG_E_INTERNAL",
        `Listening on ${host}:${port} failed: ${String(error)}`,
        details,
      );
  }
}
