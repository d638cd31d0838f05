import { defineConfig } from "vitest/config";

/** The engine crashes in worker threads, so every test file runs in a process of its own. */
export default defineConfig({
  test: {
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A process may take seconds to start on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      {
        extends: true,
        test: { name: "all", include: ["packages/*/src/**/*.test.{ts,tsx}", "test/**/*.test.ts"] },
      },
      {
        // The suites of the store and of questions once more, on three nodes of ClickHouse.
        extends: true,
        test: {
          name: "cluster",
          env: { POLYLOG_TEST_NODES: "3" },
          include: [
            "packages/server/src/store/{store,fsync}.test.ts",
            "packages/server/src/api/{search,count,histogram,facets,field-values,record,trace,traces,jaeger,explain,storage}/*.test.ts",
            "packages/server/src/api/count-question.test.ts",
            "packages/server/src/query/filter.test.ts",
          ],
        },
      },
    ],
  },
});
