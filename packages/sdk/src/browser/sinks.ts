import { PolylogError } from "../errors.ts";

/** Stands in for sinks that need Node in the bundle for browsers: code that names them loads, and says so when run. */
function absent(name: string): () => never {
  return () => {
    throw new PolylogError("POLYLOG_E_SINK", `${name} needs Node.js, and this is a browser`, {
      remedy: "Use consoleSink(), httpSink(), otlpSink() or a function.",
    });
  };
}

export const streamSink = absent("streamSink");
export const fileSink = absent("fileSink");
