import type { InsertPath } from "../store/insert-paths.ts";
import type { Lane } from "./lane.ts";

/** Lanes of one table as one: requests take them in turn, but for those whose path is stuck. */
export function spreadOver<T>(lanes: readonly Lane<T>[], paths: readonly InsertPath[]): Lane<T> {
  const [only, ...others] = lanes;
  if (only !== undefined && others.length === 0) return only;
  let turn = 0;

  function next(): Lane<T> | undefined {
    for (let steps = 0; steps < lanes.length; steps++) {
      turn = (turn + 1) % lanes.length;
      if (!paths[turn]?.isStuck()) break;
    }
    return lanes[turn];
  }

  return {
    add: (request) => next()?.add(request),
    async drain() {
      await Promise.all(lanes.map((lane) => lane.drain()));
    },
  };
}
