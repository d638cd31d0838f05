import type { FastifyRequest } from "fastify";
import type { RecordDefaults } from "../formats/record-builder.ts";

/** Characters of each, which every record of the request gets. */
const MAX_LENGTH = 256;

/**
 * What a request tells of all its records: `?service=…&host=…&logger=…&runtime=…`, or the headers
 * `polylog-service` and so on.
 *
 * @example
 * const builder = new RecordBuilder(defaultsOf(request));
 */
export function defaultsOf(request: FastifyRequest): RecordDefaults {
  const query = request.query as Readonly<Record<string, unknown>>;
  const pick = (name: string): string | undefined => {
    const value = query[name] ?? request.headers[`polylog-${name}`];
    return typeof value === "string" && value !== "" ? value.slice(0, MAX_LENGTH) : undefined;
  };
  return { service: pick("service"), host: pick("host"), logger: pick("logger"), runtime: pick("runtime") };
}
