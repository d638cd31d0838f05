import { join } from "node:path";
import { ROOT } from "../server-process.ts";
import { BUILDS, buildClient, type Client } from "./client.ts";

/**
 * Builds the program in a folder beside this file with Go.
 *
 * @example
 * const drivers = buildGoClient("docker", "Docker's log drivers");
 */
export function buildGoClient(folder: string, name: string): Client {
  const program = join(BUILDS, folder);
  return buildClient({
    name,
    folder: join(ROOT, "test/clients", folder),
    build: ["go", "build", "-buildvcs=false", "-o", program, "."],
    run: [program],
  });
}
