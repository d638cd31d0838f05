import {
  type Answer,
  decodeParts,
  encodeAnswer,
  FIELD,
  INFO1,
  INFO3,
  type Message,
  STATUS,
} from "./message.ts";
import { operate, type RecordRequest, SILENCE } from "./operate.ts";
import type { Records } from "./records.ts";

/** Bits that say what stands before the fields of a key. */
const FLAG = { repeat: 1, info: 2, generation: 4, ttl: 8, info4: 16 } as const;
const DIGEST = 20;

/** An answer for each key, each with the key's index, and a last one that says that it is the last. */
export function answerBatch(records: Records, { fields }: Message): Buffer[] | typeof SILENCE {
  const answers: Buffer[] = [];
  for (const { index, digest, request } of readKeys(fields.get(FIELD.batch)!)) {
    const answer: Answer | typeof SILENCE = operate(records, request, digest);
    if (answer === SILENCE) return SILENCE;
    answers.push(encodeAnswer({ ...answer, index }));
  }
  return [...answers, encodeAnswer({ status: STATUS.ok, info3: INFO3.last })];
}

function* readKeys(body: Buffer): Iterable<{ index: number; digest: Buffer; request: RecordRequest }> {
  const count = body.readUInt32BE(0);
  let at = 5;
  let request: RecordRequest | undefined;
  for (let i = 0; i < count; i++) {
    const index = body.readUInt32BE(at);
    const digest = body.subarray(at + 4, at + 4 + DIGEST);
    const flags = body[at + 4 + DIGEST]!;
    at += 5 + DIGEST;
    if ((flags & FLAG.repeat) === 0) ({ request, at } = readRequest(body, at, flags));
    yield { index, digest, request: request! };
  }
}

/** Before version 6 of the server a key came without flags, and with the first byte of bits only. */
function readRequest(body: Buffer, start: number, flags: number): { request: RecordRequest; at: number } {
  let at = start;
  const info1 = body[at++]!;
  let info2 = 0;
  let info3 = 0;
  let generation = 0;
  if ((flags & FLAG.info) !== 0) {
    info2 = body[at++]!;
    info3 = body[at++]!;
  }
  if ((flags & FLAG.info4) !== 0) at++;
  if ((flags & FLAG.generation) !== 0) {
    generation = body.readUInt16BE(at);
    at += 2;
  }
  if ((flags & FLAG.ttl) !== 0) at += 4;
  const { fields, operations, end } = decodeParts(
    body,
    at + 4,
    body.readUInt16BE(at),
    body.readUInt16BE(at + 2),
  );
  return { request: { info1: info1 & ~INFO1.batch, info2, info3, generation, fields, operations }, at: end };
}
