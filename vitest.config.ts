import { defineConfig } from "vitest/config";

/** The engine crashes in worker threads, so every test file runs in a process of its own. */
export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.{ts,tsx}", "test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
