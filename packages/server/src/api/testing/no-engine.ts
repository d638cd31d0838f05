import type { Engine } from "@polylog/engine";

function unavailable(): never {
  throw new Error("this test has no engine");
}

/** For tests that ask the store nothing. */
export const NO_ENGINE: Engine = {
  database: "none",
  nodes: [],
  cluster: null,
  get client(): never {
    return unavailable();
  },
  get viewer(): never {
    return unavailable();
  },
  viewerMemoryBytes: null,
  status: () => ({
    kind: "embedded",
    state: "starting",
    version: null,
    restarts: 0,
    pid: null,
    error: null,
    away: [],
  }),
  onStatus: () => () => {},
  ready: async () => unavailable(),
  stop: async () => {},
};
