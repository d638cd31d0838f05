import { availableParallelism } from "node:os";
import type { ClickHouseSettings } from "@clickhouse/client";
import type { QueryLimits } from "../config/server-config.ts";
import { PolylogError } from "../errors.ts";
import { createAskNodes } from "./ask-nodes.ts";
import type { ApiDependencies } from "./dependencies.ts";
import { questionError } from "./engine-error.ts";
import type { Answer, Ask, AtLimit, Question } from "./question.ts";

/** The part of ClickHouse's JSONCompact format that we read. */
interface Document {
  readonly data: readonly (readonly unknown[])[];
  readonly rows_before_limit_at_least?: number;
  readonly statistics: { readonly elapsed: number; readonly rows_read: number; readonly bytes_read: number };
}

/** The largest answer that is taken from the engine, in bytes. A row may be a megabyte, and a page has 10,000. */
const ANSWER_BYTES = 64 << 20;

/** In milliseconds; the engine refuses the viewer other limits. */
const SHORTEST_TIMEOUT = 1_000;
const LONGEST_TIMEOUT = 60_000;
/** What is left, when a statement has ended its reading by itself, to finish the answer: the last blocks and groups. */
const FINISHING_TIME = 5_000;

/** Milliseconds that a question may read, within what is allowed and what the engine can be told. */
export function readingTime(limits: QueryLimits, wanted = limits.timeout): number {
  const longest = Math.min(limits.timeout, LONGEST_TIMEOUT - FINISHING_TIME);
  return Math.max(SHORTEST_TIMEOUT, Math.min(wanted, longest));
}

/** Asks as the user who may only read, within the limits. */
export function createAsk(deps: Pick<ApiDependencies, "engine" | "limits" | "log" | "nodes">): Ask {
  const { engine, limits, log } = deps;
  const cores = engine.status().kind === "embedded" ? availableParallelism() : Number.POSITIVE_INFINITY;
  let underWay = 0;

  async function askOnce(
    question: Question,
    settings: ClickHouseSettings,
    signal: AbortSignal,
  ): Promise<Answer> {
    underWay++;
    try {
      return await askAlone(question, { max_threads: threadsOf(underWay, cores), ...settings }, signal);
    } finally {
      underWay--;
    }
  }

  async function askAlone(
    question: Question,
    settings: ClickHouseSettings,
    signal: AbortSignal,
  ): Promise<Answer> {
    const timeout = readingTime(limits, question.timeout);
    const begin = performance.now();
    const body = await engine.viewer.ask(
      {
        query: `${question.sql}\nFORMAT JSONCompact`,
        parameters: question.parameters,
        settings: {
          ...limitSettings(limits, timeout, question.atLimit),
          ...question.settings,
          ...settings,
        },
        maxBytes: ANSWER_BYTES,
      },
      signal,
    );
    const document = JSON.parse(body.toString("utf8")) as Document;
    const { rows_read: rowsRead, bytes_read: bytesRead, elapsed } = document.statistics;
    return {
      rows: document.data,
      rowsBeforeLimit: document.rows_before_limit_at_least ?? document.data.length,
      // The engine doesn't tell that it stopped early: it did when it used up what it had.
      isPartial: question.atLimit === "answer" && (elapsed * 1000 >= timeout || rowsRead >= limits.rows),
      statistics: { elapsedMs: performance.now() - begin, rowsRead, bytesRead },
    };
  }

  const askNodes = engine.cluster === null ? undefined : createAskNodes(engine.cluster, deps.nodes, askOnce);
  return async (question, signal) => {
    try {
      return await (askNodes?.(question, signal) ?? askOnce(question, {}, signal));
    } catch (error) {
      if (signal.aborted)
        throw new PolylogError("POLYLOG_E_BAD_REQUEST", "The asker left.", { cause: error });
      const failure = questionError(error);
      if (failure.code === "POLYLOG_E_INTERNAL") {
        log.error("a question to the engine failed", { error: String(error), sql: question.sql });
      }
      throw failure;
    }
  };
}

/**
 * Threads for one of so many questions: two, as long as there are cores for them. More would not make questions quicker, but take
 * the cores from the records that come in.
 *
 * @param cores of the machine, if the engine is on ours
 */
export function threadsOf(questions: number, cores: number): number {
  return Math.max(1, Math.min(2, Math.floor(cores / questions)));
}

function limitSettings(limits: QueryLimits, timeout: number, atLimit: AtLimit): ClickHouseSettings {
  return {
    // Where the reading is ended by the statement, this only sees to what comes after it.
    max_execution_time: (atLimit === "answer" ? timeout + FINISHING_TIME : timeout) / 1000,
    timeout_overflow_mode: "throw",
    max_memory_usage: String(limits.memory),
    max_rows_to_read: String(limits.rows),
    read_overflow_mode: atLimit === "answer" ? "break" : "throw",
    use_text_index_postings_cache: 1,
    // A rare hit costs the unpacking of a granule of each column: kept unpacked, the same question asked again is
    // eight times as quick (5M rows, 25 hits). The engine leaves large scans out of this cache by itself.
    use_uncompressed_cache: 1,
    // RFC 3339 in UTC with all nine digits, whatever the engine's time zone.
    date_time_output_format: "iso",
    output_format_json_escape_forward_slashes: 0,
    http_response_buffer_size: String(ANSWER_BYTES),
  };
}
