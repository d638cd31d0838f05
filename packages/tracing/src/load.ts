import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/**
 * Loads a package only when it is needed, and without giving way: gRPC alone takes longer to load than all the rest, and
 * `initTracing` has to be done when it returns.
 */
export function load<Module>(name: string): Module {
  return require(name) as Module;
}

/**
 * Like {@link load}; `undefined` when the package isn't installed.
 *
 * @param folders where it is looked for as well: a strict layout, such as pnpm's, shows a package only what it depends on
 */
export function loadIfPresent<Module>(name: string, folders = applicationFolders()): Module | undefined {
  for (const from of [require, ...folders.map((folder) => createRequire(join(folder, "package.json")))]) {
    try {
      return from(name) as Module;
    } catch (error) {
      if (!isMissing(error, name)) throw error;
    }
  }
  return undefined;
}

/** Where the application finds its packages: from its first module, and from where it was started. */
function applicationFolders(): string[] {
  const folders = [process.cwd()];
  try {
    if (process.argv[1] !== undefined) folders.unshift(dirname(realpathSync(process.argv[1])));
  } catch {
    // There is no such file: what runs comes from somewhere else.
  }
  return folders;
}

/** The path of a file of an installed package. @throws when there is no such */
export const resolveInstalled = (name: string): string => require.resolve(name);

/** True when this very package is missing: one that it needs in turn would be a broken installation. */
function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === "MODULE_NOT_FOUND" && message?.includes(`'${name}'`) === true;
}
