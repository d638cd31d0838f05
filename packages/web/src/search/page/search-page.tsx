import { MixerHorizontalIcon, ReloadIcon } from "@radix-ui/react-icons";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/problem.ts";
import { fieldNames, fieldValues, RECORDS } from "../../api/subject.ts";
import { IconButton } from "../../app/icon-button.tsx";
import { setPreferences, usePreferences } from "../../app/preferences.ts";
import { ProgressLine } from "../../app/progress-line.tsx";
import { TopBar } from "../../app/top-bar.tsx";
import { useIsNarrow } from "../../app/use-media.ts";
import { DEFAULT_RANGE, isMoving } from "../../time/range.ts";
import { FacetColumn } from "../facets/facet-column.tsx";
import { HistogramOf } from "../histogram/histogram-of.tsx";
import { useHistogram } from "../histogram/use-histogram.ts";
import { QueryBox, type QueryBoxHandle } from "../query-box/query-box.tsx";
import { rememberQuery } from "../query-box/recent.ts";
import type { ClickedValue } from "../rows/value-at.ts";
import { LiveSwitch } from "../tail/live-switch.tsx";
import { useLiveClock } from "../tail/use-live-clock.ts";
import { TimeControl } from "../time/time-control.tsx";
import { toggleFilter } from "./filter-state.ts";
import { Results } from "./results.tsx";
import styles from "./search-page.module.css";
import { StatusLine } from "./status-line.tsx";
import { useLogs } from "./use-logs.ts";
import { useQuestion } from "./use-question.ts";
import { useSearchState } from "./use-search.ts";
import { useZoom } from "./use-zoom.ts";

// Only a narrow page has them, and a drawer is 12 kB.
const FacetDrawer = lazy(async () => ({ default: (await import("../facets/facet-drawer.tsx")).FacetDrawer }));

/** The page that a person lives in: what is asked on top, what was found below. */
export function SearchPage() {
  const search = useSearchState();
  const { zone, areFacetsShown } = usePreferences();
  const isNarrow = useIsNarrow();
  const [isDrawerOpen, setIsDrawerOpen] = useState(false);
  const queryBox = useRef<QueryBoxHandle>(null);

  const { question, askAgain } = useQuestion(search.query, search.range, zone);
  const found = useLogs(question, search.order);
  // A tail moves on: its histogram and facets are asked again now and then, its list is not.
  const overview = useLiveClock(question, search.range, zone, search.isLive);
  const histogram = useHistogram(overview);
  const { zoom, back } = useZoom(search.range, search.setRange);

  useEffect(() => {
    document.title = search.query === "" ? "Polylog" : `${search.query.slice(0, 80)} · Polylog`;
  }, [search.query]);

  const runQuery = (query: string) => {
    rememberQuery(query);
    if (query === search.query) askAgain();
    else search.setQuery(query);
  };
  const filter = (clicked: ClickedValue) =>
    search.setQuery(toggleFilter(search.query, clicked.field, clicked.value, clicked.isExcluded));
  const setLive = (isLive: boolean) => {
    const range = isMoving(search.range) ? search.range : DEFAULT_RANGE;
    search.setLive(isLive, range);
    if (!isLive) askAgain();
  };

  const page = found.logs.data?.pages[0];
  const problem = found.logs.error instanceof ApiError ? found.logs.error.problem : undefined;
  const facets = (
    <FacetColumn
      question={overview}
      added={search.addedFacets}
      onAdded={search.setAddedFacets}
      onValue={filter}
    />
  );

  return (
    <div className={styles.page}>
      <TopBar>
        <QueryBox
          handle={queryBox}
          query={search.query}
          data={{
            fields: (signal) => fieldNames(RECORDS, question, signal),
            values: (field, prefix, signal) =>
              fieldValues(RECORDS, { ...question, query: "" }, field, prefix, signal),
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
        <LiveSwitch isOn={search.isLive} onChange={setLive} />
        {!isNarrow && (
          <IconButton label="Ask again" title="Ask again (r)" className={styles.again} onClick={askAgain}>
            <ReloadIcon width={16} height={16} />
          </IconButton>
        )}
      </TopBar>
      <ProgressLine isBusy={found.logs.isFetching && !found.logs.isFetchingNextPage} />
      <div className={styles.body}>
        {!isNarrow && areFacetsShown && <aside className={styles.aside}>{facets}</aside>}
        <main className={styles.main}>
          <h1 className="for-screen-readers">Search</h1>
          <StatusLine
            histogram={histogram.data}
            page={page}
            tools={
              <IconButton
                label={isNarrow || !areFacetsShown ? "Show the facets" : "Hide the facets"}
                isOn={!isNarrow && areFacetsShown}
                className={styles.facetSwitch}
                onClick={() =>
                  isNarrow ? setIsDrawerOpen(true) : setPreferences({ areFacetsShown: !areFacetsShown })
                }
              >
                <MixerHorizontalIcon width={15} height={15} />
              </IconButton>
            }
          />
          <HistogramOf
            data={histogram.data}
            isOld={histogram.isOld && !search.isLive}
            isNarrow={isNarrow}
            onZoom={zoom}
            onBack={back}
          />
          <Results
            search={search}
            question={question}
            found={found}
            onFilter={filter}
            onLive={setLive}
            onAskAgain={askAgain}
            onFocusQuery={() => queryBox.current?.focus()}
          />
        </main>
      </div>
      {isNarrow && (
        <Suspense>
          <FacetDrawer isOpen={isDrawerOpen} onClose={() => setIsDrawerOpen(false)}>
            {facets}
          </FacetDrawer>
        </Suspense>
      )}
    </div>
  );
}
