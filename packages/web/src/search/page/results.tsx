import type { LogRow } from "@polylog/server/contract";
import { useNavigate } from "@tanstack/react-router";
import { type CSSProperties, lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Question } from "../../api/logs.ts";
import { ApiError } from "../../api/problem.ts";
import { useLastGood } from "../../app/last-good.ts";
import { setPreferences, usePreferences } from "../../app/preferences.ts";
import { useIsNarrow } from "../../app/use-media.ts";
import { ColumnMenu } from "../columns/column-menu.tsx";
import { NoResult } from "../empty/no-result.tsx";
import { ProblemBar, ProblemPlace } from "../empty/problem.tsx";
import { useFirstLog } from "../empty/use-first-log.ts";
import { useActiveRow } from "../keys/use-active-row.ts";
import { useSearchKeys } from "../keys/use-search-keys.ts";
import { OpenedElsewhere } from "../record/opened-elsewhere.tsx";
import type { RecordActions } from "../record/record-actions.ts";
import { RecordDetail } from "../record/record-detail.tsx";
import { gridColumns } from "../rows/grid-columns.ts";
import { ListFoot } from "../rows/list-foot.tsx";
import { ListHead } from "../rows/list-head.tsx";
import { LogList, type LogListHandle } from "../rows/log-list.tsx";
import { wordFinder } from "../rows/matched-words.ts";
import rowStyles from "../rows/rows.module.css";
import type { ClickedValue } from "../rows/value-at.ts";
import { TailBar } from "../tail/tail-bar.tsx";
import { joinTail } from "../tail/tail-buffer.ts";
import { useTail } from "../tail/use-tail.ts";
import type { useLogs } from "./use-logs.ts";
import type { Search } from "./use-search.ts";

const FirstLog = lazy(async () => ({ default: (await import("../../guide/first-log.tsx")).FirstLog }));

const RecordSheet = lazy(async () => ({ default: (await import("../record/record-sheet.tsx")).RecordSheet }));

interface ResultsProps {
  readonly search: Search;
  readonly question: Question;
  readonly found: ReturnType<typeof useLogs>;
  readonly onFilter: (clicked: ClickedValue) => void;
  readonly onLive: (isLive: boolean) => void;
  readonly onAskAgain: () => void;
  readonly onFocusQuery: () => void;
}

const DAY_MS = 86_400_000;
/** Scrolled further than this, the reader reads: a tail waits. */
const READING_PX = 12;

/** What was found: the list, or why there is none. */
export function Results({ search, question, found, ...on }: ResultsProps) {
  const { zone, density, widths } = usePreferences();
  const isNarrow = useIsNarrow();
  const navigate = useNavigate();
  const list = useRef<LogListHandle>(null);
  const [said, say] = useState("");

  const { logs } = found;
  const foundRows = useLastGood(logs.data ? found.rows : undefined) ?? [];
  const tail = useTail(search.query, search.isLive);
  const rows = useMemo(
    () => (search.isLive ? joinTail(tail.buffer, foundRows) : foundRows),
    [search.isLive, tail.buffer, foundRows],
  );
  const isSettled = logs.isSuccess && !logs.isPlaceholderData;
  const firstLog = useFirstLog(rows, search.query === "", isSettled, on.onAskAgain);
  const { active, activate } = useActiveRow(rows);
  const openId = search.opened?.id;
  const opened = useMemo(() => rows.find((row) => row.id === openId), [rows, openId]);

  const problem =
    logs.error instanceof ApiError && !logs.isFetchNextPageError ? logs.error.problem : undefined;
  // The same object while nothing of it changes: rows that are drawn already need not be drawn again.
  const hasDays = question.to - question.from > DAY_MS;
  const look = useMemo(
    () => ({ columns: search.columns, zone, hasDays, isNarrow, finder: wordFinder(question.query) }),
    [search.columns, zone, hasDays, isNarrow, question.query],
  );

  // A record that the address opens, rather than a hand, may be far down.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another record is a reason to go to it
  useEffect(() => {
    if (!opened || rows[active]?.id === opened.id) return;
    const index = rows.indexOf(opened);
    activate(opened, index);
    list.current?.scrollToRow(index);
  }, [opened?.id]);

  const toggle = (row: LogRow, index: number) => {
    activate(row, index);
    const isClosing = row.id === openId;
    search.setOpened(isClosing ? undefined : { id: row.id, time: row.timestamp });
    if (!isClosing && search.isLive) tail.pause();
  };
  const close = () => search.setOpened(undefined);
  const toggleName = (names: readonly string[], name: string) =>
    names.includes(name) ? names.filter((other) => other !== name) : [...names, name];
  const actions: RecordActions = {
    columns: search.columns,
    facets: search.addedFacets,
    onValue: on.onFilter,
    onColumn: (field) => search.setColumns(toggleName(search.columns, field)),
    onCountBy: (field) => search.setAddedFacets(toggleName(search.addedFacets, field)),
    onClose: close,
  };

  useSearchKeys({
    rows,
    active,
    list,
    opened,
    activate,
    toggle,
    close,
    focusQuery: on.onFocusQuery,
    filter: on.onFilter,
    openTrace: (row) =>
      void navigate({
        to: "/trace/$traceId",
        params: { traceId: row.traceId },
        search: row.spanId === "" ? {} : { span: row.spanId },
      }),
    toggleLive: () => on.onLive(!search.isLive),
    askAgain: on.onAskAgain,
    say,
  });

  const loadMore = useCallback(() => {
    if (
      logs.hasNextPage &&
      !logs.isFetchingNextPage &&
      !logs.isPlaceholderData &&
      !logs.isFetchNextPageError
    ) {
      void logs.fetchNextPage();
    }
  }, [
    logs.hasNextPage,
    logs.isFetchingNextPage,
    logs.isPlaceholderData,
    logs.isFetchNextPageError,
    logs.fetchNextPage,
  ]);

  const onScroll = (offset: number) => {
    if (!search.isLive) return;
    if (offset > READING_PX && !tail.isPaused) tail.pause();
    else if (offset <= 1 && tail.isPaused && openId === undefined) tail.resume();
  };

  if (firstLog.isFirst && !search.isLive) {
    return (
      <Suspense>
        <FirstLog onShowOwn={firstLog.hasOwn ? () => search.setQuery("service:polylog") : undefined} />
      </Suspense>
    );
  }
  if (rows.length === 0 && isSettled && !search.isLive) {
    if (firstLog.isUndecided) return null;
    return (
      <NoResult
        question={question}
        range={search.range}
        onQuery={search.setQuery}
        onRange={search.setRange}
      />
    );
  }
  if (rows.length === 0 && problem) return <ProblemPlace problem={problem} onAskAgain={on.onAskAgain} />;

  const style = { "--columns": gridColumns(search.columns, look, widths) } as CSSProperties;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a list of 100,000 rows on screen is no <table>
    <div
      className={rowStyles.grid}
      style={style}
      role="grid"
      tabIndex={0}
      aria-label="Log records"
      aria-activedescendant={active >= 0 ? `record-${rows[active]?.id}` : undefined}
      aria-rowcount={logs.hasNextPage ? -1 : rows.length + 1}
      aria-busy={logs.isPlaceholderData}
    >
      <ListHead
        look={look}
        order={search.order}
        at={question.to}
        widths={widths}
        onOrder={search.setOrder}
        onColumns={search.setColumns}
        onWidth={(column, width) => setPreferences({ widths: { ...widths, [column]: width } })}
        tools={
          isNarrow ? null : (
            <ColumnMenu question={question} columns={search.columns} onChange={search.setColumns} />
          )
        }
      />
      {search.isLive && (
        <TailBar
          tail={tail}
          onResume={() => {
            close();
            tail.resume();
            list.current?.scrollToTop();
          }}
        />
      )}
      {problem && <ProblemBar problem={problem} onAskAgain={on.onAskAgain} />}
      {search.opened && !opened && isSettled && (
        <OpenedElsewhere opened={search.opened} actions={actions} finder={look.finder} />
      )}
      <LogList
        handle={list}
        rows={rows}
        rowHeight={density === "compact" ? 22 : 24}
        look={look}
        active={active}
        openId={isNarrow ? undefined : openId}
        isOld={(logs.isPlaceholderData || logs.data === undefined) && !search.isLive}
        foot={
          <ListFoot
            count={rows.length}
            isLoading={logs.isFetchingNextPage}
            hasMore={logs.hasNextPage}
            error={logs.isFetchNextPageError ? logs.error : null}
            onRetry={() => void logs.fetchNextPage()}
          />
        }
        detail={(row) => <RecordDetail key={row.id} row={row} actions={actions} finder={look.finder} />}
        onToggle={toggle}
        onValue={on.onFilter}
        onNearEnd={loadMore}
        onScroll={onScroll}
      />
      {isNarrow && (
        <Suspense>
          <RecordSheet row={opened} actions={actions} finder={look.finder} />
        </Suspense>
      )}
      <p className="for-screen-readers" aria-live="polite">
        {said}
      </p>
    </div>
  );
}
