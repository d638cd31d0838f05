import { AsyncLocalStorage } from "node:async_hooks";
import type { MetricReader } from "@opentelemetry/sdk-metrics";

/** OpenTelemetry doesn't say who collects, when it asks for a value. */
const collecting = new AsyncLocalStorage<MetricReader>();

/** Lets {@link perReader} tell this reader from others. */
export function known<Reader extends MetricReader>(reader: Reader): Reader {
  const collect = reader.collect.bind(reader);
  reader.collect = (options) => collecting.run(reader, collect, options);
  return reader;
}

/**
 * What is kept from one collection of a reader to its next: what is told "since the last collection" would otherwise be since
 * anybody's last, and nobody's window would be whole.
 *
 * @returns the state of the reader that is collecting
 */
export function perReader<State extends object>(start: () => State): () => State {
  const states = new WeakMap<object, State>();
  const ofNobody = {};
  return () => {
    const reader = collecting.getStore() ?? ofNobody;
    const state = states.get(reader) ?? start();
    states.set(reader, state);
    return state;
  };
}
