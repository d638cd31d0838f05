/**
 * The bytes of an OTLP `ExportLogsServiceRequest`, as an exporter makes them: one resource, its scopes, their records.
 *
 * Source: opentelemetry-proto, `collector/logs/v1/logs_service.proto`, `logs/v1/logs.proto`.
 */
export function exportLogsRequest(logs) {
  const [{ resource }] = logs;
  const scopes = new Map();
  for (const log of logs) scopes.set(log.scope, [...(scopes.get(log.scope) ?? []), log]);
  const resourceLogs = [message(1, attributesOf(1, resource.attributes))];
  for (const [scope, records] of scopes) {
    resourceLogs.push(
      message(2, [message(1, [string(1, scope.name), string(2, scope.version)]), ...records.map(record)]),
    );
  }
  return message(1, resourceLogs);
}

function record(log) {
  const parts = [
    fixed64(1, log.timestamp),
    varint(2, log.severityNumber),
    string(3, log.severityText),
    message(5, [string(1, log.body)]),
    ...attributesOf(6, log.attributes),
    fixed64(11, log.observedTimestamp),
  ];
  if (log.traceId !== "") {
    parts.push(bytes(9, Buffer.from(log.traceId, "hex")), bytes(10, Buffer.from(log.spanId, "hex")));
  }
  return message(2, parts);
}

function attributesOf(field, attributes) {
  const parts = [];
  for (let i = 0; i < attributes.length; i += 2) {
    const value = attributes[i + 1];
    const any = /^\d+$/.test(value) ? varint(3, Number(value)) : string(1, value);
    parts.push(message(field, [string(1, attributes[i]), message(2, [any])]));
  }
  return parts;
}

const message = (field, parts) => bytes(field, Buffer.concat(parts));
const string = (field, text) => bytes(field, Buffer.from(text));
const bytes = (field, data) => Buffer.concat([number((field << 3) | 2), number(data.length), data]);
const varint = (field, value) => Buffer.concat([number(field << 3), number(value)]);

function fixed64(field, value) {
  const data = Buffer.alloc(9);
  data[0] = (field << 3) | 1;
  data.writeBigUInt64LE(value, 1);
  return data;
}

function number(value) {
  const digits = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) digits.push((rest % 128) | 128);
  return Buffer.from([...digits, rest]);
}
