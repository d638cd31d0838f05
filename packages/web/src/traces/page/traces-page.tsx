import type { TraceSummary } from "@polylog/server/contract";
import { MixerHorizontalIcon, ReloadIcon } from "@radix-ui/react-icons";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { serverNow } from "../../api/connection.ts";
import { ApiError } from "../../api/problem.ts";
import { useStatus } from "../../api/status.ts";
import { fieldNames, fieldValues, SPANS, SubjectProvider } from "../../api/subject.ts";
import { IconButton } from "../../app/icon-button.tsx";
import { useOverlay } from "../../app/overlay.ts";
import { setPreferences, usePreferences } from "../../app/preferences.ts";
import { ProgressLine } from "../../app/progress-line.tsx";
import { useShortcuts } from "../../app/shortcuts.ts";
import { TopBar } from "../../app/top-bar.tsx";
import { useIsNarrow } from "../../app/use-media.ts";
import { FacetColumn } from "../../search/facets/facet-column.tsx";
import { toggleFilter } from "../../search/page/filter-state.ts";
import page from "../../search/page/search-page.module.css";
import { useQuestion } from "../../search/page/use-question.ts";
import { QueryBox, type QueryBoxHandle } from "../../search/query-box/query-box.tsx";
import { rememberQuery } from "../../search/query-box/recent.ts";
import { TimeControl } from "../../search/time/time-control.tsx";
import { absoluteRange, type TimeRange, widerRange } from "../../time/range.ts";
import { type Area, LatencyChart } from "../chart/latency-chart.tsx";
import { withDuration } from "./duration-filter.ts";
import { NoSpans } from "./no-spans.tsx";
import { TracesFound } from "./traces-found.tsx";
import { TracesStatus } from "./traces-status.tsx";
import { useLatency, useTraces } from "./use-traces.ts";
import { useTracesSearch } from "./use-traces-search.ts";

const FacetDrawer = lazy(async () => ({
  default: (await import("../../search/facets/facet-drawer.tsx")).FacetDrawer,
}));

const CHART_HEIGHT = 208;
const CHART_HEIGHT_NARROW = 168;
/** More are never on a page; a query finds the rest. */
const FIRST_TRACES = 100;
const MOST_TRACES = 1000;
const SHORTEST_MS = 10;

/** Traces that a query on spans finds, and how long they took. */
export function TracesPage() {
  const search = useTracesSearch();
  const { zone, areFacetsShown } = usePreferences();
  const isNarrow = useIsNarrow();
  const overlay = useOverlay();
  const navigate = useNavigate();
  const status = useStatus();
  const queryBox = useRef<QueryBoxHandle>(null);
  /** What was asked before each drag over the chart. */
  const before = useRef<{ readonly query: string; readonly range: TimeRange }[]>([]);
  const [isDrawerOpen, setIsDrawerOpen] = useState(false);
  const [limit, setLimit] = useState(FIRST_TRACES);

  const { question, askAgain } = useQuestion(search.query, search.range, zone);
  const found = useTraces(question, search.order, limit);
  const chart = useLatency(question);
  const problem = found.error instanceof ApiError ? found.error.problem : undefined;

  useEffect(() => {
    document.title =
      search.query === "" ? "Traces · Polylog" : `${search.query.slice(0, 80)} · Traces · Polylog`;
  }, [search.query]);

  const open = (trace: TraceSummary) =>
    openTrace(trace.traceId, question.query.trim() === "" ? "" : trace.match.spanId);
  const openTrace = (traceId: string, span: string) =>
    void navigate({ to: "/trace/$traceId", params: { traceId }, search: span === "" ? {} : { span } });
  const runQuery = (query: string) => {
    rememberQuery(query, "traces");
    if (query === search.query) askAgain();
    else search.setQuery(query);
  };
  const zoom = ({ from, to, shortest, longest }: Area) => {
    before.current.push({ query: search.query, range: search.range });
    search.setQuestion(
      withDuration(search.query, shortest, longest),
      to - from >= question.to - question.from
        ? search.range
        : absoluteRange(from, Math.max(to, from + SHORTEST_MS)),
    );
  };
  /** Back to what the chart showed before; on a page that was opened as it is there is no before: it widens. */
  const zoomOut = () => {
    const last = before.current.pop();
    if (last) search.setQuestion(last.query, last.range);
    else search.setRange(widerRange(search.range, serverNow()));
  };

  useShortcuts(
    new Map([
      ["/", () => queryBox.current?.focus()],
      ["r", askAgain],
    ]),
    overlay === undefined,
  );

  const facets = (
    <FacetColumn
      question={question}
      added={search.addedFacets}
      onAdded={search.setAddedFacets}
      onValue={({ field, value, isExcluded }) =>
        search.setQuery(toggleFilter(search.query, field, value, isExcluded, "traces"))
      }
    />
  );
  const isEmptyStore = status.data?.spans === 0 && found.isSuccess && found.data.traces.length === 0;

  return (
    <SubjectProvider value={SPANS}>
      <div className={page.page}>
        <TopBar>
          <QueryBox
            handle={queryBox}
            query={search.query}
            data={{
              fields: (signal) => fieldNames(SPANS, question, signal),
              values: (field, prefix, signal) =>
                fieldValues(SPANS, { ...question, query: "" }, field, prefix, signal),
            }}
            serverError={
              problem?.position
                ? { message: problem.message, ...problem.position, expected: problem.expected ?? [] }
                : undefined
            }
            onRun={runQuery}
            onLeave={() => undefined}
          />
          <TimeControl range={search.range} onChange={search.setRange} />
          {!isNarrow && (
            <IconButton label="Ask again" title="Ask again (r)" className={page.again} onClick={askAgain}>
              <ReloadIcon width={16} height={16} />
            </IconButton>
          )}
        </TopBar>
        <ProgressLine isBusy={found.isFetching} />
        {isEmptyStore ? (
          <NoSpans />
        ) : (
          <div className={page.body}>
            {!isNarrow && areFacetsShown && <aside className={page.aside}>{facets}</aside>}
            <main className={page.main}>
              <h1 className="for-screen-readers">Traces</h1>
              <TracesStatus
                latency={chart.data}
                things={chart.things}
                found={found.data}
                tools={
                  <IconButton
                    label={isNarrow || !areFacetsShown ? "Show the facets" : "Hide the facets"}
                    isOn={!isNarrow && areFacetsShown}
                    className={page.facetSwitch}
                    onClick={() =>
                      isNarrow ? setIsDrawerOpen(true) : setPreferences({ areFacetsShown: !areFacetsShown })
                    }
                  >
                    <MixerHorizontalIcon width={15} height={15} />
                  </IconButton>
                }
              />
              <LatencyChart
                data={chart.data}
                things={chart.things}
                isOld={chart.isOld}
                height={isNarrow ? CHART_HEIGHT_NARROW : CHART_HEIGHT}
                onZoom={zoom}
                onBack={zoomOut}
                onOpen={({ longest }) => openTrace(longest.traceId, longest.spanId)}
              />
              <TracesFound
                search={search}
                question={question}
                found={found}
                canShowMore={limit < MOST_TRACES}
                onMore={() => setLimit(MOST_TRACES)}
                onAskAgain={askAgain}
                onOpen={open}
              />
            </main>
          </div>
        )}
        {isNarrow && (
          <Suspense>
            <FacetDrawer isOpen={isDrawerOpen} onClose={() => setIsDrawerOpen(false)}>
              {facets}
            </FacetDrawer>
          </Suspense>
        )}
      </div>
    </SubjectProvider>
  );
}
