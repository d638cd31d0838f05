import { loadConfig } from "../../packages/server/dist/config/config.js";
import { startServer } from "../../packages/server/dist/server.js";
import { COMMON_SERVICE, COMMON_WORD, RARE_WORD } from "../dataset.mjs";
import { keptData } from "../kept.mjs";
import { measureQuestions } from "../questions.mjs";

const ROUNDS = 21;

/**
 * Questions to the HTTP API over a day of records: the medians of warm answers, read to their last byte.
 */
export async function run({ isQuick, report }) {
  const count = isQuick ? 500_000 : 5_000_000;
  const { folder, data, from, to, traceId } = await keptData("query", { count });
  const config = await loadConfig({
    flags: { port: "0", grpcPort: "off", data, retentionDays: "0", logLevel: "off" },
    environment: {},
    directory: folder,
  });
  const server = await startServer(config);
  try {
    await server.ready();
    const window = { from: String(from), to: String(to) };
    const cases = [
      ["last 100, unfiltered", 25, "logs", { ...window, limit: "100" }],
      ["last 100, one service", 30, "logs", { ...window, limit: "100", query: `service:${COMMON_SERVICE}` }],
      ["rare word, 25 hits", 15, "logs", { ...window, limit: "100", query: RARE_WORD }],
      ["count of a common word", 15, "logs/count", { ...window, query: COMMON_WORD }],
      ["histogram by severity, 24 h", 150, "logs/histogram", window],
      ["facets of a column", 150, "logs/facets", { ...window, fields: "service" }],
      ["facets of an attribute", 150, "logs/facets", { ...window, fields: "http.route" }],
      [
        "facets of an attribute, filtered",
        150,
        "logs/facets",
        { ...window, fields: "http.route", query: "level:error" },
      ],
      ["trace by id", 25, `traces/${traceId}`, {}],
      ["attribute equals", undefined, "logs", { ...window, query: "customer:4711" }],
      ["field names", undefined, "logs/fields", window],
    ];
    const questions = cases.map(([name, bar, path, parameters]) => ({
      name,
      bar,
      path: `v1/${path}`,
      parameters,
      rounds: ROUNDS,
    }));
    await measureQuestions(server, report, questions);
    report.add("records", count, "records");
  } finally {
    await server.stop();
  }
}
