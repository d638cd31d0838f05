import { RecordBuilder } from "../../../packages/server/src/formats/record-builder.ts";
import { EnvelopeReader } from "../../../packages/server/src/receivers/sentry/envelope.ts";
import {
  maxBytesOf,
  recordOfEvent,
  recordsOfItems,
} from "../../../packages/server/src/receivers/sentry/items.ts";
import { eventOfStore } from "../../../packages/server/src/receivers/sentry/store-body.ts";
import { checkPieces, checkRecords, orRefusal } from "../check.ts";
import { NOW } from "../now.ts";
import type { Target } from "../target.ts";

const EVENT =
  '{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","timestamp":1795257667.123,"platform":"node","level":"error","logger":"cart","server_name":"web-1","release":"1","environment":"prod","transaction":"/","message":{"formatted":"hello"},"exception":{"values":[{"type":"E","value":"failed","mechanism":{"handled":false},"stacktrace":{"frames":[{"filename":"b.js","function":"a","lineno":1,"colno":2,"in_app":true}]}}]},"tags":{"a":"b"},"extra":{"c":1},"user":{"id":"u"},"request":{"url":"/","headers":[["A","b"]]},"breadcrumbs":{"values":[{"message":"m"}]},"contexts":{"trace":{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331"},"runtime":{"name":"node"}}}';
const TRANSACTION =
  '{"type":"transaction","transaction":"GET /","start_timestamp":1795257667,"timestamp":1795257668,"contexts":{"trace":{"trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","op":"http","status":"ok"}},"spans":[{"span_id":"b7ad6b7169203332","parent_span_id":"b7ad6b7169203331","trace_id":"0af7651916cd43dd8448eb211c80319c","op":"db","description":"SELECT","start_timestamp":1795257667,"timestamp":1795257668,"data":{"a":1}}]}';
const LOG =
  '{"items":[{"timestamp":1795257667.1,"trace_id":"0af7651916cd43dd8448eb211c80319c","level":"warn","body":"hello","severity_number":13,"attributes":{"a":{"value":1,"type":"integer"},"sentry.message.template":{"value":"t","type":"string"}}}]}';

function envelope(...items: readonly (readonly [head: object, payload: string])[]): string {
  const header = {
    event_id: "9ec79c33ec9942ab8353589fcb2e04dc",
    sdk: { name: "sentry.javascript.node", version: "11" },
  };
  return [
    JSON.stringify(header),
    ...items.flatMap(([head, payload]) => [JSON.stringify(head), payload]),
    "",
  ].join("\n");
}

const SEEDS = [
  envelope(
    [{ type: "event", length: Buffer.byteLength(EVENT) }, EVENT],
    [{ type: "attachment", length: 3 }, "abc"],
  ),
  envelope([{ type: "transaction" }, TRANSACTION], [{ type: "session" }, "{}"]),
  envelope([{ type: "log", item_count: 1, content_type: "application/vnd.sentry.items.log+json" }, LOG]),
  envelope([
    { type: "user_report" },
    '{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","name":"n","email":"e","comments":"c"}',
  ]),
];
const WORDS = SEEDS.flatMap((seed) => seed.match(/"[^"\\]{1,30}"/g) ?? []);

export const SENTRY: readonly Target[] = [
  {
    name: "sentry-envelope",
    seeds: SEEDS,
    words: WORDS,
    decode(input, random) {
      const read = checkPieces(input, random, (chunks) => {
        const reader = new EnvelopeReader(maxBytesOf);
        for (const chunk of chunks) reader.push(chunk);
        reader.end();
        return { header: reader.header, items: reader.items };
      });
      if (read === undefined) return;
      const around = { header: read.header, project: "1", builder: new RecordBuilder(), now: NOW };
      checkRecords(orRefusal(() => [...recordsOfItems(read.items, around)]) ?? []);
    },
  },
  {
    name: "sentry-store",
    seeds: [EVENT, Buffer.from(EVENT).toString("base64")],
    words: WORDS,
    decode(input) {
      const around = { header: {}, project: "1", builder: new RecordBuilder(), now: NOW };
      checkRecords(orRefusal(() => [recordOfEvent(eventOfStore(input), around)]) ?? []);
    },
  },
];
