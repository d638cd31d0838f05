import { fileURLToPath } from "node:url";

/** The folder of the checkout. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/** Ends the script with one clear line. */
export function fail(message, status = 1) {
  console.error(`polylog: ${message}`);
  process.exit(status);
}

/** The lowest Node.js that everything here runs on; said before anything else can fail obscurely. */
export function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 6)) {
    fail(`Node.js 20.6 or later is needed; this is ${process.versions.node}.`);
  }
}
