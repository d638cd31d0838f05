import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseQuery } from "./parser.ts";
import { testRecord } from "./testing/record.ts";
import { type SearchEngine, startSearchEngine } from "./testing/search-engine.ts";

let engine: SearchEngine;
beforeAll(async () => {
  engine = await startSearchEngine();
});
afterAll(() => engine?.close());

describe("words in the message", () => {
  const bodies = [
    "", // 1
    "Card declined", // 2
    "card-declined by bank", // 3
    "postcard declined", // 4
    "the card was declined", // 5
    "cards: 100% off, 50_50", // 6
    "KÄSE 日本語", // 7
    "Käsekuchen", // 8
    'say "hi" \\ it\'s', // 9
    "GET http://host:80/a?b=c", // 10
    "std::io::Error\n  at main (a.js:1)", // 11
    "-", // 12
    "null \0 byte", // 13
    "card_declined", // 14
    "postcard-declined card declined", // 15
    "a  b", // 16
    "Ошибка сети", // 17
  ];
  const all = bodies.map((_, index) => index + 1);
  const without = (...ids: number[]) => all.filter((id) => !ids.includes(id));
  beforeAll(async () => {
    await engine.truncate();
    await engine.insert(bodies.map((body, index) => testRecord({ id: index + 1, body })));
  });

  test.each<[query: string, ids: number[]]>([
    ["", all],
    ["*", all],
    ["   ", all],
    ["card", [2, 3, 5, 14, 15]],
    ["CARD", [2, 3, 5, 14, 15]],
    ["card declined", [2, 3, 5, 14, 15]],
    ["card AND declined", [2, 3, 5, 14, 15]],
    ['"card declined"', [2, 15]],
    ["card-declined", [3]],
    ["card_declined", [14]],
    ["card*", [2, 3, 5, 6, 14, 15]],
    ["*card", [2, 3, 4, 5, 14, 15]],
    ["*card*", [2, 3, 4, 5, 6, 14, 15]],
    ["c*d", [2, 3, 5, 14, 15]],
    ["card*declined", [3, 14]],
    ["post*declined", [15]],
    ["-card", without(2, 3, 5, 14, 15)],
    ["NOT card", without(2, 3, 5, 14, 15)],
    ["NOT (card OR käse)", without(2, 3, 5, 7, 14, 15)],
    ["- card", [3, 15]],
    ["-", [3, 12, 15]],
    ["käse", [7]],
    ["KÄSE", [7]],
    ["käse*", [7, 8]],
    ["日本語", [7]],
    ["日本", []],
    ["日本*", [7]],
    ["ошибка", [17]],
    ["ОШИБКА СЕТИ", [17]],
    ["ошиб*", [17]],
    ["100%", [6]],
    ["%", [6]],
    ["_", [6, 14]],
    ["50_50", [6]],
    ["50x50", []],
    ['"\\""', [9]],
    ['"\\\\"', [9]],
    ["\\\\", [9]],
    ["'", [9]],
    ["it's", [9]],
    ["http://host:80/a?b=c", [10]],
    ["http://host", [10]],
    ["http://hos", []],
    ["std::io::Error", [11]],
    ['"error\\n  at"', [11]],
    ['"(a.js:1)"', [11]],
    ["\\(a.js\\:1\\)", [11]],
    ['"null \\u{0} byte"', [13]],
    ["\\u{0}", [13]],
    ['"a b"', []],
    ['"a  b"', [16]],
    ["a\\ \\ b", [16]],
    ["message:card", [2, 3, 5, 14, 15]],
    ['body:"card declined"', [2, 15]],
    ["msg:card*", [2, 3, 5, 6, 14, 15]],
    ["message:*", without(1)],
    ['message:""', [1]],
    ["-message:*", [1]],
    ["message:(postcard OR käse)", [4, 7, 15]],
    ["message:(card -declined)", []],
    ["/card.declined/", [3, 4, 14, 15]],
    ["/Card/", [2]],
    ["/card/i", [2, 3, 4, 5, 6, 14, 15]],
    ["/^card/", [3, 6, 14]],
    ["/io::\\w+/", [11]],
    ["/host:80\\/a/", [10]],
    ["message:/^Card/", [2]],
    ["-/c/i", [1, 7, 9, 11, 12, 13, 16, 17]],
  ])("%s", async (query, ids) => {
    expect(await engine.search(query)).toEqual(ids);
  });

  test("are found in parts that have no index yet", async () => {
    await engine.engine.client.insert({
      table: "otel_logs",
      values: [{ Id: 100, Body: "Late KÄSE-Fondue" }],
      format: "JSONEachRow",
      clickhouse_settings: { materialize_skip_indexes_on_insert: 0 },
    });
    expect(await engine.search("late käse-fondue fond*")).toEqual([100]);
    expect(await engine.search("käse")).toEqual([7, 100]);
    expect(await engine.search("NOT late id:>=17")).toEqual([17]);
  });
});

describe("fields", () => {
  beforeAll(async () => {
    await engine.truncate();
    await engine.insert([
      testRecord({ id: 1, severityNumber: 0, service: "checkout", logger: "myapp", host: "a" }),
      testRecord({ id: 2, severityNumber: 5, service: "Checkout", logger: "myapp.billing", runtime: "node" }),
      testRecord({
        id: 3,
        severityNumber: 9,
        service: "check",
        logger: "myapp::db",
        trace: "4bf92f3577b34da6a3ce929d0e0e4736",
      }),
      testRecord({
        id: 4,
        severityNumber: 10,
        logger: "myapplication",
        attributes: { path: "/health", n: "5" },
      }),
      testRecord({
        id: 5,
        severityNumber: 13,
        attributes: { path: "/health/x", n: "10" },
        resource: { path: "r" },
      }),
      testRecord({ id: 6, severityNumber: 16, attributes: { n: "x" }, resource: { path: "/health" } }),
      testRecord({
        id: 7,
        severityNumber: 17,
        scope: { path: "/health", "weird name": "50%" },
        span: "00f067aa0ba902b7",
      }),
      testRecord({
        id: 8,
        severityNumber: 21,
        attributes: { n: "", path: "", "a.b/c@d-e": "a_b" },
        event: "login",
      }),
      testRecord({
        id: 9,
        severityNumber: 24,
        attributes: { n: "7.5", duration_ms: "1500", level: "custom" },
      }),
      testRecord({
        id: 10,
        severityNumber: 200,
        severityText: "odd",
        timestamp: "2026-11-21T00:00:00.000000001Z",
      }),
    ]);
  });

  test.each<[query: string, ids: number[]]>([
    ["level:warn", [5, 6]],
    ["level:WARNING", [5, 6]],
    ["severity:warn", [5, 6]],
    ["level:13", [5]],
    ["level:notice", [4]],
    ["level:info", [3, 4]],
    ["level:critical", [8, 9]],
    ["level:>=warn", [5, 6, 7, 8, 9]],
    ["level:>warn", [7, 8, 9]],
    ["level:<warn", [2, 3, 4]],
    ["level:<=warn", [2, 3, 4, 5, 6]],
    ["level:>13", [6, 7, 8, 9]],
    ["level:[debug TO warn]", [2, 3, 4, 5, 6]],
    ["level:{debug TO warn}", [3, 4]],
    ["level:[* TO info]", [2, 3, 4]],
    ["level:(debug OR error)", [2, 7]],
    ["level:unset", [1, 10]],
    ["level:0", [1, 10]],
    ["level:*", [2, 3, 4, 5, 6, 7, 8, 9]],
    ["-level:*", [1, 10]],
    ["level:!=warn", [1, 2, 3, 4, 7, 8, 9, 10]],
    ["service:checkout", [1]],
    ["service.name:checkout", [1]],
    ["service:check*", [1, 3]],
    ["service:/^check/i", [1, 2, 3]],
    ["service:*", [1, 2, 3]],
    ['service:""', [4, 5, 6, 7, 8, 9, 10]],
    ["service:=check", [3]],
    ["logger:myapp", [1, 2, 3]],
    ["logger:myapp.billing", [2]],
    ["logger:myapp*", [1, 2, 3, 4]],
    ["scope.name:myapp::db", [3]],
    ["host:a", [1]],
    ["runtime:node", [2]],
    ["event:login", [8]],
    ["severity_text:odd", [10]],
    ["trace:4BF92F3577B34DA6A3CE929D0E0E4736", [3]],
    ["trace_id:4bf9*", [3]],
    ["trace:/^4BF/", [3]],
    ["trace:*", [3]],
    ["span:00f067aa0ba902b7", [7]],
    ["id:7", [7]],
    ["id:>=9", [9, 10]],
    ["id:[2 TO 4}", [2, 3]],
    ["timestamp:>=2026-11-21", [10]],
    ["timestamp:>2026-11-21T00:00:00Z", [10]],
    ["timestamp:>2026-11-21T00:00:00.000000001Z", []],
    ["timestamp:2026-11-21T01:00:00.000000001+01:00", [10]],
    ['timestamp:<"2026-11-20 14:00:01" id:1', [1]],
    ["path:/health", [4, 6, 7]],
    ["path:/health*", [4, 5, 6, 7]],
    ["path:r", []],
    ["resource.path:r", [5]],
    ["attributes.path:/health", [4]],
    ["scope.path:/health", [7]],
    ["-path:/health", [1, 2, 3, 5, 8, 9, 10]],
    ["path:*", [4, 5, 6, 7]],
    ["-path:*", [1, 2, 3, 8, 9, 10]],
    ['path:""', [1, 2, 3, 8, 9, 10]],
    ["path:(/health OR /health/x)", [4, 5, 6, 7]],
    ["path:(/health* -/health)", [5]],
    ["path:/.*/", [4, 5, 6, 7]],
    ["path:/HEALTH$/i", [4, 6, 7]],
    ["n:>5", [5, 9]],
    ["n:>=5", [4, 5, 9]],
    ["n:<7", [4]],
    ["n:<=7.5", [4, 9]],
    ["-n:>5", [1, 2, 3, 4, 6, 7, 8, 10]],
    ["n:[5 TO 7.5]", [4, 9]],
    ["n:{5 TO 7.5}", []],
    ["n:{5 TO 7.5]", [9]],
    ["n:[* TO 7]", [4]],
    ["n:[7 TO *]", [5, 9]],
    ["n:[* TO *]", [4, 5, 6, 9]],
    ["n:(>7 OR <6)", [4, 5, 9]],
    ["n:5", [4]],
    ["n:!=5", [1, 2, 3, 5, 6, 7, 8, 9, 10]],
    ["n:>-1e3", [4, 5, 9]],
    ["duration_ms:>1.4s", [9]],
    ["duration_ms:<1500ms", []],
    ["attributes.level:custom", [9]],
    ['"weird name":"50%"', [7]],
    ["weird\\ name:50*", [7]],
    ["a.b/c@d-e:a_b", [8]],
    ["a.b/c@d-e:a_*", [8]],
    ["a.b/c@d-e:axb", []],
    ["a.b/c@d-e:ax*", []],
    ["level:>=warn -n:* -event:login", [7]],
    ["level:debug OR level:error event:login", [2]],
    ["(level:debug OR level:fatal) event:login", [8]],
  ])("%s", async (query, ids) => {
    expect(await engine.search(query)).toEqual(ids);
  });
});

describe("spans", () => {
  beforeAll(async () => {
    const span = (values: Readonly<Record<string, unknown>>) => ({
      Timestamp: "2026-11-20T14:00:00Z",
      ...values,
    });
    await engine.insertSpans([
      span({ Id: 1, SpanName: "GET /cart", SpanKind: "Server", Duration: 120_000_000, ServiceName: "cart" }),
      span({
        Id: 2,
        SpanName: "SELECT",
        SpanKind: "Client",
        StatusCode: "Error",
        StatusMessage: "Card declined",
      }),
      span({ Id: 3, SpanName: "charge card", StatusCode: "Ok", Duration: 1500, SpanAttributes: { n: "5" } }),
      span({
        Id: 4,
        TraceId: "ab",
        ParentSpanId: "cd",
        "Events.Name": ["exception", "retry"],
        "Events.Timestamp": ["2026-11-20T14:00:00Z", "2026-11-20T14:00:00Z"],
        "Events.Attributes": [{}, {}],
      }),
    ]);
  });

  test.each<[query: string, ids: number[]]>([
    ["", [1, 2, 3, 4]],
    ["card", [2, 3]],
    ["-card", [1, 4]],
    ["/^GET/", [1]],
    ["name:SELECT", [2]],
    ["operation:charge*", [3]],
    ["service:cart", [1]],
    ["kind:server", [1]],
    ["kind:CLIENT", [2]],
    ["status:error", [2]],
    ["status:/ok|error/", [2, 3]],
    ["level:error", [2]],
    ["level:>=warn", [2]],
    ["level:info", [1, 3, 4]],
    ["duration:>100ms", [1]],
    ["duration:[1us TO 2us]", [3]],
    ["duration:1500", [3]],
    ["n:>4", [3]],
    ["attributes.n:5", [3]],
    ["trace:AB parent:CD", [4]],
    ["event:exception", [4]],
    ["event:re*", [4]],
    ["event:*", [4]],
    ["-event:exception", [1, 2, 3]],
    ["status_message:*", [2]],
  ])("%s", async (query, ids) => {
    expect(await engine.search(query, "traces")).toEqual(ids);
  });
});

test("a regular expression that the parser takes, the engine takes", { timeout: 120_000 }, async () => {
  const piece = fc.constantFrom(
    ...[
      "a",
      ".",
      "\\d",
      "\\pL",
      "\\p{Greek}",
      "[a-z]",
      "[^\\s\\]]",
      "[]a]",
      "[[:alpha:]-]",
      "(",
      ")",
      "(?:",
      "(?i)",
      "(?i:",
      "|",
    ],
    ...[
      "*",
      "+",
      "?",
      "{2}",
      "{3,}",
      "{1,300}",
      "{",
      "}",
      "^",
      "$",
      "\\b",
      "\\Q*\\E",
      "\\x{e9}",
      "\\101",
      "é",
      "💥",
      "-",
      "[",
      "]",
      "\\",
    ],
  );
  const source = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(""));
  await fc.assert(
    fc.asyncProperty(source, async (text) => {
      const query = `/${text}/`;
      const result = parseQuery(query);
      if (result.ok && result.tree.kind === "regex") await engine.search(query);
    }),
    { numRuns: 500 },
  );
});
