import type { Backups } from "../../backup/backups.ts";

async function unavailable(): Promise<never> {
  throw new Error("this test has no backups");
}

/** For tests that back nothing up. */
export const NO_BACKUPS: Backups = {
  directory: "none",
  start: unavailable,
  list: async () => [],
  find: async () => undefined,
  stop: async () => {},
};
