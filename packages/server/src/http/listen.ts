import type { FastifyInstance } from "fastify";
import { listenError } from "./listen-error.ts";

/** The address that a listener is reached at: `http://127.0.0.1:4318`. */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenError(error, (error as NodeJS.ErrnoException).code, { host, port, flag: "--port" });
  }
  const address = app.server.address();
  if (address === null || typeof address === "string") throw new Error("the HTTP server has no TCP address");
  return `http://${reachableHost(host)}:${address.port}`;
}

/** How a program on this machine writes the host that a listener was given: nothing can be sent to "every address". */
export function reachableHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
