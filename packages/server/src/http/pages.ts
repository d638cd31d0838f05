import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { notFound } from "./app.ts";
import { sendProblem } from "./problem.ts";

/** The folder of the built pages, or undefined when they were not built. */
export function findPages(): string | undefined {
  const folder = fileURLToPath(new URL("../../pages", import.meta.url));
  return existsSync(join(folder, "index.html")) ? folder : undefined;
}

/**
 * Serves the pages: files by their path, and the one document for every address that a page itself resolves.
 * Without a folder, what nothing else serves is not found.
 */
export async function registerPages(app: FastifyInstance, folder: string | undefined): Promise<void> {
  if (folder === undefined) {
    app.setNotFoundHandler((request, reply) => sendProblem(reply, notFound(request)));
    return;
  }
  await app.register(fastifyStatic, {
    root: folder,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Names in assets/ carry a hash of their content.
      const isHashed = path.includes("/assets/");
      reply.header("cache-control", isHashed ? "public, max-age=31536000, immutable" : "no-cache");
    },
  });
  app.setNotFoundHandler((request, reply) => {
    const isRead = request.method === "GET" || request.method === "HEAD";
    // The root is a route of its own, which programs ask for a version; whoever is no program gets the page.
    const isPage =
      request.url.split("?", 1)[0] === "/" || (request.headers.accept ?? "").includes("text/html");
    return isRead && isPage ? reply.sendFile("index.html") : sendProblem(reply, notFound(request));
  });
}
