import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/**
 * Loads a package only when it is needed, and without giving way: gRPC alone takes longer to load than all the rest, and
 * `initTracing` has to be done when it returns.
 */
export function load<Module>(name: string): Module {
  return require(name) as Module;
}

/** Like {@link load}; `undefined` when the package isn't installed. */
export function loadIfPresent<Module>(name: string): Module | undefined {
  try {
    return load<Module>(name);
  } catch (error) {
    if (isMissing(error, name)) return undefined;
    throw error;
  }
}

/** The path of a file of an installed package. @throws when there is no such */
export const resolveInstalled = (name: string): string => require.resolve(name);

/** True when this very package is missing: one that it needs in turn would be a broken installation. */
function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return code === "MODULE_NOT_FOUND" && message?.includes(`'${name}'`) === true;
}
