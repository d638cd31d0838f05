import { Drawer } from "@mantine/core";
import { IconArrowLeft, IconSearch } from "@tabler/icons-react";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { ApiError } from "../../api/problem.ts";
import { useTrace } from "../../api/trace.ts";
import message from "../../app/message-page.module.css";
import { useOverlay } from "../../app/overlay.ts";
import { usePreferences } from "../../app/preferences.ts";
import { ProgressLine } from "../../app/progress-line.tsx";
import { useShortcuts } from "../../app/shortcuts.ts";
import { TopBar } from "../../app/top-bar.tsx";
import { useIsNarrow } from "../../app/use-media.ts";
import { wholeNumber } from "../../fields/numbers.ts";
import { lastSearch } from "../../search/page/last-search.ts";
import { durationText } from "../../time/duration.ts";
import { dateAndTime } from "../../time/format.ts";
import { zoneName } from "../../time/zone.ts";
import { serviceColors } from "../model/service-color.ts";
import { type TraceModel, traceModel } from "../model/trace-model.ts";
import { spanMatches, visibleSpans } from "../model/visible-spans.ts";
import { searchAround } from "../panel/search-links.ts";
import { SpanPanel } from "../panel/span-panel.tsx";
import { TracePanel } from "../panel/trace-panel.tsx";
import { Waterfall } from "../waterfall/waterfall.tsx";
import styles from "./trace-page.module.css";

/** One trace: its spans over time, and what each of them says. */
export function TracePage() {
  const { traceId } = useParams({ from: "/trace/$traceId" });
  const { data, error, isFetching } = useTrace(traceId);
  const model = useMemo(() => (data ? traceModel(data.spans, data.logs) : undefined), [data]);

  useEffect(() => {
    document.title = `Trace ${traceId.slice(0, 8)} · Polylog`;
  }, [traceId]);

  return (
    <div className={styles.page}>
      {model && model.spans.length > 0 ? (
        <TraceOf model={model} traceId={traceId} isPartial={data?.partial ?? false} />
      ) : (
        <>
          <TopBar>
            <BackToSearch traceId={traceId} />
            <span className={styles.spacer} />
          </TopBar>
          <ProgressLine isBusy={isFetching} />
          {(error || model) && (
            <main className={message.message}>
              <h1>
                {error && !(error instanceof ApiError)
                  ? "The trace cannot be had now"
                  : "No span of this trace is in the store"}
              </h1>
              <p>
                {error
                  ? error.message
                  : "Its spans have not arrived, were not sampled, or are older than what is kept."}
              </p>
              <p>
                <Link to="/" search={{ q: `trace:${traceId}`, from: "now-7d" }}>
                  Look for its logs of the last seven days
                </Link>
              </p>
            </main>
          )}
        </>
      )}
    </div>
  );
}

interface TraceOfProps {
  readonly model: TraceModel;
  readonly traceId: string;
  readonly isPartial: boolean;
}

function TraceOf({ model, traceId, isPartial }: TraceOfProps) {
  const params = useSearch({ from: "/trace/$traceId" });
  const navigate = useNavigate({ from: "/trace/$traceId" });
  const { zone } = usePreferences();
  const isNarrow = useIsNarrow();
  const overlay = useOverlay();
  const find = useRef<HTMLInputElement>(null);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());

  const colors = useMemo(() => serviceColors(model.services), [model]);
  const shown = useMemo(() => visibleSpans(model.spans, folded), [model, folded]);
  const text = params.find ?? "";
  const matching = useMemo(() => {
    if (text === "") return undefined;
    return new Set(model.spans.flatMap((span, place) => (spanMatches(span, text) ? [place] : [])));
  }, [model, text]);
  const selected = model.spans.findIndex(({ span }) => span.spanId === params.span);
  const one = model.spans[selected];
  const root = model.spans[0];
  const started = Number(model.start / 1_000_000n);

  const change = (next: { span?: string | undefined; find?: string | undefined }) => {
    const search = { ...params, ...next };
    void navigate({
      to: "/trace/$traceId",
      params: { traceId },
      search: Object.fromEntries(Object.entries(search).filter(([, value]) => value)),
      replace: true,
    });
  };
  const select = (place: number) => change({ span: model.spans[place]?.span.spanId });
  const fold = (spanId: string) => {
    const next = new Set(folded);
    if (!next.delete(spanId)) next.add(spanId);
    setFolded(next);
  };
  const step = (by: number) => {
    const row = shown.indexOf(selected);
    const next = shown[Math.max(0, Math.min(shown.length - 1, row < 0 ? 0 : row + by))];
    if (next !== undefined) select(next);
  };
  const nextMatch = (by: 1 | -1) => {
    const places = [...(matching ?? [])];
    if (places.length === 0) return;
    const later =
      by > 0 ? places.find((place) => place > selected) : places.findLast((place) => place < selected);
    const next = later ?? (by > 0 ? places[0] : places.at(-1));
    if (next === undefined) return;
    setFolded(new Set());
    select(next);
  };

  useShortcuts(
    new Map([
      ["/", () => find.current?.focus()],
      ["j", () => step(1)],
      ["k", () => step(-1)],
      ["ArrowDown", () => step(1)],
      ["ArrowUp", () => step(-1)],
      [
        "ArrowLeft",
        () => one && one.children.length > 0 && !folded.has(one.span.spanId) && fold(one.span.spanId),
      ],
      ["ArrowRight", () => one && folded.has(one.span.spanId) && fold(one.span.spanId)],
      ["n", () => nextMatch(1)],
      ["N", () => nextMatch(-1)],
      ["Escape", () => change({ span: undefined })],
    ]),
    overlay === undefined,
  );

  const panel = one && (
    <SpanPanel
      model={model}
      one={one}
      place={selected}
      color={colors.get(one.span.service) ?? ""}
      onClose={() => change({ span: undefined })}
    />
  );
  return (
    <>
      <TopBar>
        <BackToSearch traceId={traceId} />
        <h1 className={styles.title}>
          <span>{root?.span.service}</span> {root?.span.name}
        </h1>
        <search className={styles.find}>
          <IconSearch size={15} aria-hidden="true" />
          <input
            ref={find}
            aria-label="Find in the trace"
            placeholder="Find in the trace"
            value={text}
            spellCheck={false}
            onChange={(event) => change({ find: event.target.value })}
            onKeyDown={(event) => {
              if (event.key === "Enter") nextMatch(event.shiftKey ? -1 : 1);
              else if (event.key === "Escape") event.currentTarget.blur();
              else return;
              event.preventDefault();
            }}
          />
          {matching && <span role="status">{wholeNumber(matching.size)} found</span>}
        </search>
      </TopBar>
      <p className={styles.facts}>
        <b>{durationText(model.duration)}</b>
        <span>
          {wholeNumber(model.spans.length)} {model.spans.length === 1 ? "span" : "spans"}
        </span>
        <span>
          {wholeNumber(model.services.length)} {model.services.length === 1 ? "service" : "services"}
        </span>
        {model.errors > 0 && (
          <span className={styles.errors}>
            {wholeNumber(model.errors)} {model.errors === 1 ? "error" : "errors"}
          </span>
        )}
        <span>
          {dateAndTime(started, zone)} {zoneName(zone, started)}
        </span>
        <Link to="/" search={searchAround(model, "trace", traceId)}>
          Logs of this trace
        </Link>
        {isPartial && (
          <span className={styles.partial}>Part of the trace: it has more spans or logs than are shown</span>
        )}
        <code>{traceId}</code>
        <span className={styles.legend} aria-hidden="true">
          <i /> critical path
        </span>
      </p>
      <div className={styles.body}>
        <main className={styles.main}>
          <Waterfall
            model={model}
            colors={colors}
            shown={shown}
            folded={folded}
            matching={matching}
            selected={selected}
            onSelect={select}
            onFold={fold}
            isNarrow={isNarrow}
          />
        </main>
        {!isNarrow && (
          <aside className={styles.aside}>{panel ?? <TracePanel model={model} colors={colors} />}</aside>
        )}
      </div>
      {isNarrow && (
        <Drawer.Root
          opened={panel !== undefined}
          onClose={() => change({ span: undefined })}
          position="bottom"
          size="80dvh"
          padding={0}
        >
          <Drawer.Overlay />
          <Drawer.Content aria-label="Span">{panel}</Drawer.Content>
        </Drawer.Root>
      )}
    </>
  );
}

function BackToSearch({ traceId }: { readonly traceId: string }) {
  const search = lastSearch();
  return (
    <Link to="/" search={search ?? { q: `trace:${traceId}` }} className={styles.back}>
      <IconArrowLeft size={15} aria-hidden="true" /> Search
    </Link>
  );
}
