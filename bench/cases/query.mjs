import { keptData } from "../kept.mjs";
import { measureQuestions, questionsOfDay } from "../questions.mjs";
import { serve } from "../serve.mjs";

const ROUNDS = 21;

/** Questions to the HTTP API over a day of records: the medians of warm answers, read to their last byte. */
export async function run({ isQuick, report }) {
  const count = isQuick ? 500_000 : 5_000_000;
  const { data, from, to, traceId } = await keptData("query", { count });
  const server = await serve(["--data", data, "--retention-days", "0", "--log-level", "error"]);
  try {
    const questions = questionsOfDay({ window: { from: String(from), to: String(to) }, traceId });
    await measureQuestions(
      server,
      report,
      questions.map((question) => ({ ...question, rounds: ROUNDS })),
    );
    report.add("records", count, "records");
  } finally {
    await server.stop();
  }
}
