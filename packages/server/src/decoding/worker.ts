import { parentPort } from "node:worker_threads";
import type { EncodedRecords } from "../record/encoded-records.ts";
import { LinesSession } from "./lines.ts";
import { readOtlp } from "./otlp.ts";
import { type AnswerTo, type LinesQuestion, type Question, type Reply, tellError } from "./protocol.ts";

/** A thread that decodes: answers one question after the other. */

const sessions = new Map<number, LinesSession>();

async function answer(question: Question): Promise<AnswerTo<Question>> {
  switch (question.kind) {
    case "otlp":
      return readOtlp(question);
    case "lines":
      return readLines(question);
    case "close":
      sessions.delete(question.session);
      return undefined;
  }
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
function encodedIn(answer: AnswerTo<Question>): EncodedRecords | undefined {
  if (answer === undefined) return undefined;
  return "part" in answer ? answer.part?.records : answer.records;
}

async function replyTo(question: Question): Promise<void> {
  let reply: Reply;
  try {
    reply = { answer: await answer(question) };
  } catch (error) {
    reply = { error: tellError(error) };
  }
  const encoded = "answer" in reply ? encodedIn(reply.answer) : undefined;
  parentPort?.postMessage(reply, encoded?.encoded.parts.map(({ buffer }) => buffer) ?? []);
}

// One after the other, in their order: by that the other side knows which question an answer is for.
let last = Promise.resolve();
parentPort?.on("message", (question: Question) => {
  last = last.then(() => replyTo(question));
});
