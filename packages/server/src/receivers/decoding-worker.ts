import { parentPort } from "node:worker_threads";
import { encodeRecords } from "../decoding/encode-records.ts";
import {
  type AnswerTo,
  type BodyAnswer,
  type BodyQuestion,
  type LinesQuestion,
  type Question,
  type Reply,
  tellError,
} from "../decoding/protocol.ts";
import type { EncodedRecords } from "../record/encoded-records.ts";
import { createLogEncoder } from "../store/encode/logs.ts";
import { createSpanEncoder } from "../store/encode/spans.ts";
import { named } from "./decode.ts";
import { decodeAtOnce } from "./decoded-records.ts";
import type { DecoderName, ParametersOf } from "./decoders.ts";
import { LinesSession } from "./jsonl/lines-session.ts";

/** A thread that decodes: answers one question after the other. */

const logEncoder = createLogEncoder();
const spanEncoder = createSpanEncoder();
const sessions = new Map<number, LinesSession>();

function answer(question: Question): AnswerTo<Question> {
  switch (question.kind) {
    case "body":
      return decodeBody(question);
    case "lines":
      return readLines(question);
    case "close":
      sessions.delete(question.session);
      return undefined;
  }
}

function decodeBody({ decoder, parameters, receiver, bytes }: BodyQuestion): BodyAnswer {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  // Both come from `named` on the other thread.
  const { decode } = named(decoder as DecoderName, parameters as ParametersOf<DecoderName>);
  const { logs, spans, rejected, result } = decodeAtOnce(decode(body));
  return {
    logs: logs.length > 0 ? encodeRecords(logEncoder, logs, receiver, Date.now()) : undefined,
    spans: spans.length > 0 ? encodeRecords(spanEncoder, spans, receiver, Date.now()) : undefined,
    rejected,
    result,
  };
}

function readLines({ session, opening, bytes, isLast }: LinesQuestion): AnswerTo<LinesQuestion> {
  if (opening !== undefined) sessions.set(session, new LinesSession(opening));
  const lines = sessions.get(session);
  if (lines === undefined) throw new Error(`There is no session ${session}.`);
  const read = lines.read(bytes, isLast);
  if (isLast && read.isDone) sessions.delete(session);
  return read;
}

/** What is encoded moves to the other thread. */
function encodedIn(answer: AnswerTo<Question>): readonly (EncodedRecords | undefined)[] {
  if (answer === undefined) return [];
  return "part" in answer ? [answer.part?.records] : [answer.logs, answer.spans];
}

function replyTo(question: Question): void {
  let reply: Reply;
  try {
    reply = { answer: answer(question) };
  } catch (error) {
    reply = { error: tellError(error) };
  }
  const encoded = "answer" in reply ? encodedIn(reply.answer) : [];
  parentPort?.postMessage(
    reply,
    encoded.flatMap((records) => records?.encoded.parts.map(({ buffer }) => buffer) ?? []),
  );
}

parentPort?.on("message", replyTo);
