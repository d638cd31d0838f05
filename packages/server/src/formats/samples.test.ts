import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LogRecord } from "../record/record.ts";
import { LineAssembler } from "./lines/line-assembler.ts";
import { UTC } from "./time/zone.ts";

/** What programs wrote, and beside each what has to come of it. */
const directory = join(import.meta.dirname, "testdata/samples");
const names = readdirSync(directory).filter((name) => name.endsWith(".log"));
const writtenAt = Date.UTC(2026, 10, 21, 12);

/** A record as a person would note it down: what is empty is left out. */
function noted(record: LogRecord): Record<string, unknown> {
  const { timestamp, severityNumber, severityText, body, resource, scope, traceId, spanId, attributes } =
    record;
  const pairs = Array.from({ length: attributes.length / 2 }, (_, at) =>
    attributes.slice(at * 2, at * 2 + 2),
  );
  const all = {
    time: new Date(Number(timestamp / 1_000_000n)).toISOString().replace("Z", ""),
    nanoseconds: String(timestamp % 1_000_000n),
    severity: `${severityNumber} ${severityText}`,
    service: resource.serviceName,
    host: resource.host,
    runtime: resource.runtime,
    logger: scope.name,
    trace: [traceId, spanId].filter(Boolean).join(" "),
    body,
    attributes: Object.fromEntries(pairs),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== "" && value !== "0"));
}

test.each(names)("reads %s", async (name) => {
  const bytes = readFileSync(join(directory, name));
  const assembler = new LineAssembler({ zone: UTC, now: () => 0n, writtenAt, isFile: true });
  const records = [...assembler.push(bytes), ...assembler.end()];
  expect(assembler.consumed).toBe(bytes.length);
  const { name: format, share } = assembler.format;
  const outcome = { format, share: Math.round(share * 100) / 100, records: records.map(noted) };
  await expect(`${JSON.stringify(outcome, null, 1)}\n`).toMatchFileSnapshot(
    join(directory, name.replace(/\.log$/, ".json")),
  );
});
