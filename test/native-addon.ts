import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./server-process.ts";

/** An addon that was built, or why it wasn't. */
export type BuiltAddon =
  | { readonly path: string; readonly reason?: undefined }
  | { readonly path?: undefined; readonly reason: string };

/** Builds a crate of this repository as an addon; throws when that fails, other than for want of cargo. */
export function buildAddon(crate: string): BuiltAddon {
  const program = `const { buildAddon } = await import(${JSON.stringify(join(ROOT, "scripts", "build-addon.mjs"))});
    console.log(JSON.stringify(buildAddon(${JSON.stringify(crate)})));`;
  const told = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(told);
}
