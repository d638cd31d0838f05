import { resourceOf, scopeOf } from "../../packages/server/dist/record/resource.js";
import { generate } from "../dataset.mjs";
import { exportLogsRequest } from "./otlp.mjs";

/** Records of a request. */
const BATCH = 5000;
/** Different requests that senders send in turn. */
const BATCHES = 12;
const HOUR = 3_600_000_000_000n;

/**
 * Requests of 5,000 records of one service on one host, as its exporter makes them.
 *
 * @param {"jsonl" | "otlp"} form
 * @param {number} [size] records a request
 * @returns {Buffer[]}
 */
export function payloads(form, size = BATCH) {
  const to = BigInt(Date.now()) * 1_000_000n;
  const encode = form === "jsonl" ? jsonLines : exportLogsRequest;
  return Array.from(
    generate({ count: size * BATCHES, from: to - HOUR, to, batch: size, rare: 0, resourceOf, scopeOf }),
    ({ logs }) => logs.map((log) => ({ ...log, resource: logs[0].resource })),
  )
    .filter((logs) => logs.length === size)
    .map(encode);
}

/** As a logger with JSON output writes them, 400 bytes each. */
function jsonLines(logs) {
  return Buffer.from(
    logs
      .map(({ timestamp, severityText, body, traceId, spanId, resource, scope, attributes }) =>
        JSON.stringify({
          time: new Date(Number(timestamp / 1_000_000n)).toISOString(),
          level: severityText.toLowerCase(),
          msg: body,
          service: resource.serviceName,
          host: resource.host,
          logger: scope.name,
          ...(traceId === "" ? {} : { trace_id: traceId, span_id: spanId }),
          ...Object.fromEntries(pairsOf(attributes)),
        }),
      )
      .join("\n"),
  );
}

/** Numbers as numbers. */
function pairsOf(attributes) {
  const pairs = [];
  for (let i = 0; i < attributes.length; i += 2) {
    const value = attributes[i + 1];
    pairs.push([attributes[i], /^\d+$/.test(value) ? Number(value) : value]);
  }
  return pairs;
}
