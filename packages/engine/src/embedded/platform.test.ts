import { expect, test } from "vitest";
import { createEngines } from "../testing/engines.ts";
import { assertSupported, currentPlatform, type Platform } from "./platform.ts";

test.each<Platform>([
  { os: "linux", arch: "x64", libc: "glibc" },
  { os: "linux", arch: "arm64", libc: "glibc" },
  { os: "darwin", arch: "x64", libc: null },
  { os: "darwin", arch: "arm64", libc: null },
])("$os $arch $libc is supported", (platform) => {
  expect(() => assertSupported(platform)).not.toThrow();
});

test.each<[Platform, string]>([
  [{ os: "linux", arch: "x64", libc: "musl" }, "There is no embedded engine for linux x64 with musl"],
  [{ os: "linux", arch: "arm", libc: "glibc" }, "There is no embedded engine for linux arm"],
  [{ os: "win32", arch: "x64", libc: null }, "There is no embedded engine for win32 x64"],
])("on another platform the engine fails and names the way out", async (platform, message) => {
  const engines = createEngines();
  const engine = await engines.start({ platform });
  await expect(engine.ready()).rejects.toMatchObject({
    code: "POLYLOG_E_ENGINE_PLATFORM",
    message,
    remedy: expect.stringContaining("--engine clickhouse --clickhouse-url"),
  });
  expect(engine.status().state).toBe("failed");
  await engines.close();
});

test("where the tests run is supported", () => {
  expect(() => assertSupported(currentPlatform())).not.toThrow();
});
