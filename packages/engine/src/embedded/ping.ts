import { get } from "node:http";

/**
 * Asks the engine for a sign of life, on a connection of its own: those of the client may all be in use.
 *
 * @param url where the engine listens
 * @param timeout milliseconds in which it has to answer
 */
export function ping(url: string, timeout: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(`${url}/ping`, { agent: false, signal }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode === 200));
      // Also without an end.
      response.on("close", () => resolve(false));
    });
    // When this process was busy, the answer may be here and not read yet: it is, between a timer and an immediate.
    const timer = setTimeout(() => setImmediate(() => request.destroy()), timeout);
    request.on("error", () => {});
    request.on("close", () => {
      clearTimeout(timer);
      resolve(false);
    });
  });
}
