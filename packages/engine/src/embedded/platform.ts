import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { resolveLibchdb } from "chdb/libchdb";
import { EngineError } from "../errors.ts";

export interface Platform {
  readonly os: NodeJS.Platform;
  readonly arch: string;
  /** The C library; null where there is no choice. */
  readonly libc: "glibc" | "musl" | null;
}

/** For which npm holds a build of ClickHouse. */
const SUPPORTED: ReadonlySet<string> = new Set(["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"]);

/** The platform that this process runs on. */
export function currentPlatform(): Platform {
  return {
    os: process.platform,
    arch: process.arch,
    libc: process.platform === "linux" ? linuxLibc() : null,
  };
}

function linuxLibc(): "glibc" | "musl" {
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return report.header.glibcVersionRuntime === undefined ? "musl" : "glibc";
}

/** Throws when there is no embedded engine for the platform. */
export function assertSupported({ os, arch, libc }: Platform): void {
  if (SUPPORTED.has(`${os}-${arch}`) && libc !== "musl") return;
  const name = libc === "musl" ? `${os} ${arch} with musl` : `${os} ${arch}`;
  throw new EngineError("POLYLOG_E_ENGINE_PLATFORM", `There is no embedded engine for ${name}`, {
    remedy: "Use a ClickHouse server: --engine clickhouse --clickhouse-url http://HOST:8123",
  });
}

export interface Library {
  readonly path: string;
  /** Version of the npm package, whose first two parts are those of ClickHouse. */
  readonly version: string;
}

/** Where ClickHouse as a shared library lies. Loads nothing. */
export function findLibrary(): Library {
  try {
    const { path } = resolveLibchdb();
    return { path, version: packageVersion(dirname(path)) };
  } catch (error) {
    throw new EngineError("POLYLOG_E_ENGINE_PLATFORM", "The embedded engine is not installed", {
      cause: error,
      remedy:
        "Install again with optional dependencies (npm install --include=optional), or use a ClickHouse server: " +
        "--engine clickhouse --clickhouse-url http://HOST:8123",
    });
  }
}

function packageVersion(directory: string): string {
  const manifest: unknown = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
  const version = (manifest as { version?: unknown }).version;
  return typeof version === "string" ? version : "0.0.0";
}
