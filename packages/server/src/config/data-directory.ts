import { isAbsolute, join } from "node:path";

/**
 * Where the records live unless told otherwise: the platform's place for a user's data, so that it doesn't
 * depend on where the server is started.
 *
 * Source: XDG Base Directory Specification 0.8 (relative paths in it are to be ignored); Apple, File System
 * Programming Guide.
 */
export function defaultDataDirectory(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  if (platform === "darwin") return join(home, "Library", "Application Support", "polylog");
  if (platform === "win32")
    return join(environment.LOCALAPPDATA || join(home, "AppData", "Local"), "polylog");
  const xdg = environment.XDG_DATA_HOME;
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, ".local", "share"), "polylog");
}
