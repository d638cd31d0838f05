import type { FastifyInstance } from "fastify";

/** Milliseconds between two looks for connections that nothing is under way in any more. */
const LOOK_EVERY = 20;

/**
 * Takes no more requests and lets those under way end.
 *
 * @param grace milliseconds after which what is left is cut off
 */
export async function closeApp(app: FastifyInstance, grace: number): Promise<void> {
  const cut = setTimeout(() => app.server.closeAllConnections(), grace);
  // Node closes those that are idle now. Others would be kept alive for their next request once theirs is answered.
  const look = setInterval(() => app.server.closeIdleConnections(), LOOK_EVERY);
  await app.close().finally(() => {
    clearTimeout(cut);
    clearInterval(look);
  });
}
