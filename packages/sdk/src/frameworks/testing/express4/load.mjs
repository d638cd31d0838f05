import { createRequire } from "node:module";
import { join } from "node:path";
import { installApart } from "../../../../../../scripts/install-apart.mjs";
import { alone } from "../../../../../../scripts/lock.mjs";

/** Express 4, which can't be installed beside 5 under the same name. */
export async function loadExpress4() {
  const folder = await alone(() => installApart(new URL("./", import.meta.url), "express4", "Express 4"));
  return createRequire(join(folder, "package.json"))("express");
}
