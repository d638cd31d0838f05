import { createRequire } from "node:module";
import { installApart } from "../../scripts/install-apart.mjs";

/** Installs the loggers that are compared with, unless they are there. */
export function installPeers() {
  return installApart(new URL("./", import.meta.url), "bench/peers", "the loggers to compare with");
}

/** Loads a package out of the folder the peers are installed in. */
export const requirePeer = createRequire(new URL("../../.cache/bench/peers/package.json", import.meta.url));
