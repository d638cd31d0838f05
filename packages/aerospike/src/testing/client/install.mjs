import { installApart } from "../../../../../scripts/install-apart.mjs";
import { alone } from "../../../../../scripts/lock.mjs";

/**
 * Installs the official client where nobody gets it who doesn't ask for it: with the binaries for all platforms that it
 * brings along, it is a quarter of a gigabyte.
 *
 * @returns {Promise<string>} the folder to resolve `aerospike` from
 */
export function installClient() {
  return alone(() =>
    installApart(new URL("./", import.meta.url), "aerospike-client", "the Aerospike client"),
  );
}
