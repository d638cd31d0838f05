import { chromium } from "playwright-core";
import { loadConfig } from "../../packages/server/dist/config/config.js";
import { startServer } from "../../packages/server/dist/server.js";
import { ensureChromium } from "../../scripts/chromium.mjs";
import { keptData } from "../kept.mjs";
import { measureQuestions } from "../questions.mjs";
import { median } from "../report.mjs";
import { generateLargeTrace, generateSpans, SLOW_SERVICE } from "../span-dataset.mjs";

const ROUNDS = 21;
const LARGE_TRACE = "1a26e000000000000000000000100000";
const LARGE_SPANS = 100_000;

/**
 * Questions about traces to the HTTP API, over a day of spans: the medians of warm answers, read to their last byte.
 * Beside them lies one trace of 100,000 spans, of the hour before.
 */
export async function run({ isQuick, report }) {
  const count = isQuick ? 100_000 : 1_000_000;
  const { folder, data, from, to, traceId } = await keptData("traces", {
    count,
    make: generateWithLargeTrace,
  });
  const config = await loadConfig({
    flags: { port: "0", grpcPort: "off", data, retentionDays: "0", logLevel: "off" },
    environment: {},
    directory: folder,
  });
  const server = await startServer(config);
  try {
    await server.ready();
    const window = { from: String(from), to: String(to) };
    const slow = `service:${SLOW_SERVICE} duration:>500ms`;
    const jaeger = { service: SLOW_SERVICE, minDuration: "500ms", start: `${from}000`, end: `${to}000` };
    const cases = [
      ["trace by id", 25, `v1/traces/${traceId}`, {}],
      ["outline of a trace", 25, `v1/traces/${traceId}/outline`, {}],
      ["search by service and duration", 150, "v1/traces", { ...window, query: slow }],
      ["the longest by service and duration", 150, "v1/traces", { ...window, query: slow, order: "longest" }],
      ["newest 100 traces", undefined, "v1/traces", window],
      ["longest 100 traces", undefined, "v1/traces", { ...window, order: "longest" }],
      ["search by attribute", undefined, "v1/traces", { ...window, query: "customer:4711" }],
      ["failed spans", undefined, "v1/traces", { ...window, query: "status:error" }],
      ["latency, roots", undefined, "v1/traces/latency", { ...window, query: "root:true" }],
      ["latency, all spans", undefined, "v1/traces/latency", window],
      [
        "facets of service, name, status",
        undefined,
        "v1/traces/facets",
        { ...window, fields: "service,name,status" },
      ],
      ["service map", undefined, "v1/traces/services", window],
      ["Jaeger: trace by id", undefined, `traces/${traceId}`, {}],
      ["Jaeger: search by service and duration", undefined, "traces", jaeger],
      ["outline of 100,000 spans", undefined, `v1/traces/${LARGE_TRACE}/outline`, {}],
    ];
    const questions = cases.map(([name, bar, path, parameters]) => ({
      name,
      bar,
      path,
      parameters,
      rounds: name.includes("100,000") ? 5 : ROUNDS,
    }));
    await measureQuestions(server, report, questions);
    await measurePage(server.address, isQuick ? 2 : 5, report);
    report.add("spans", count + LARGE_SPANS, "spans");
  } finally {
    await server.stop();
  }
}

/** The page of the large trace: until its first rows are there, and how long a frame takes while it scrolls to its end. */
async function measurePage(address, rounds, report) {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
  try {
    const opened = [];
    const frames = [];
    for (let round = -1; round < rounds; round++) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const page = await context.newPage();
      const start = performance.now();
      await page.goto(`${address}/trace/${LARGE_TRACE}`, { waitUntil: "commit" });
      await page.locator("[data-place]").nth(5).waitFor();
      const elapsed = performance.now() - start;
      const frame = await page.evaluate(scrollToEnd);
      if (round >= 0) {
        opened.push(elapsed);
        frames.push(frame);
      }
      await context.close();
    }
    report.add("page of 100,000 spans, first rows", median(opened), "ms", { bar: 2000 });
    report.add("a frame while it scrolls", median(frames), "ms");
  } finally {
    await browser.close();
  }
}

/** Runs in the page: scrolls through all rows in 60 steps, and tells how long a step took, the middle one. */
async function scrollToEnd() {
  const viewport = document.querySelector("[data-place]").parentElement.parentElement;
  const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const times = [];
  await nextFrame();
  for (let step = 1; step <= 60; step++) {
    const start = performance.now();
    viewport.scrollTop = (viewport.scrollHeight * step) / 60;
    await nextFrame();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[30];
}

function* generateWithLargeTrace(options) {
  const hourBefore = options.from - 3_600_000_000_000n;
  yield* generateSpans(options);
  yield* generateLargeTrace({ ...options, count: LARGE_SPANS, from: hourBefore, traceId: LARGE_TRACE });
}
