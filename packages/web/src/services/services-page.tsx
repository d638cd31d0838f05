import { Cross2Icon, ReloadIcon } from "@radix-ui/react-icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { ApiError } from "../api/problem.ts";
import { services } from "../api/traces.ts";
import { IconButton } from "../app/icon-button.tsx";
import { useLastGood } from "../app/last-good.ts";
import { useOverlay } from "../app/overlay.ts";
import { usePreferences } from "../app/preferences.ts";
import { ProgressLine } from "../app/progress-line.tsx";
import { useShortcuts } from "../app/shortcuts.ts";
import { TopBar } from "../app/top-bar.tsx";
import { useWidth } from "../app/use-width.ts";
import { wholeNumber } from "../fields/numbers.ts";
import empty from "../search/empty/empty.module.css";
import { ProblemPlace } from "../search/empty/problem.tsx";
import { PartialNote } from "../search/page/answer-notes.tsx";
import page from "../search/page/search-page.module.css";
import { useQuestion } from "../search/page/use-question.ts";
import { TimeControl } from "../search/time/time-control.tsx";
import { rangeText } from "../time/format.ts";
import type { TimeRange } from "../time/range.ts";
import { zoneName } from "../time/zone.ts";
import { shareText } from "../traces/page/traces-status.tsx";
import { type ServicesParams, tracesRangeOf } from "../traces/traces-params.ts";
import { ServiceMap } from "./service-map.tsx";
import { ServicePanel } from "./service-panel.tsx";
import { ServiceTable } from "./service-table.tsx";
import styles from "./services.module.css";

/** The map of the services of a time, and what each of them does. */
export function ServicesPage() {
  const params = useSearch({ from: "/services" });
  const navigate = useNavigate({ from: "/services" });
  const { zone } = usePreferences();
  const overlay = useOverlay();
  const main = useRef<HTMLElement>(null);
  const room = useWidth(main);
  const range = tracesRangeOf(params);
  const { question, askAgain } = useQuestion("", range, zone);
  const asked = useQuery({
    queryKey: ["services", question.from, question.to],
    queryFn: ({ signal }) => services(question, signal),
    placeholderData: keepPreviousData,
  });
  const data = useLastGood(asked.data);
  const problem = asked.error instanceof ApiError ? asked.error.problem : undefined;
  const selected = data?.nodes.find(({ name }) => name === params.service);

  useEffect(() => {
    document.title = "Services · Polylog";
  }, []);

  const change = (next: { readonly [Name in keyof ServicesParams]?: ServicesParams[Name] | undefined }) =>
    void navigate({
      to: "/services",
      search: Object.fromEntries(
        Object.entries({ ...params, ...next }).filter(([, value]) => value !== undefined),
      ),
    });
  const select = (service: string | undefined) => change({ service });
  useShortcuts(
    new Map([
      ["r", askAgain],
      ["Escape", () => select(undefined)],
    ]),
    overlay === undefined,
  );

  return (
    <div className={page.page}>
      <TopBar>
        <h1 className={styles.title}>Services</h1>
        <TimeControl range={range} onChange={({ from, to }: TimeRange) => change({ from, to })} />
        <IconButton label="Ask again" title="Ask again (r)" className={page.again} onClick={askAgain}>
          <ReloadIcon width={16} height={16} />
        </IconButton>
      </TopBar>
      <ProgressLine isBusy={asked.isFetching} />
      {data && data.nodes.length > 0 && (
        <>
          <div className={page.status} role="status">
            <span>
              <b>{wholeNumber(data.nodes.filter(({ kind }) => kind === "service").length)}</b> services
            </span>
            <span>
              {rangeText(data.from, data.to, zone)} {zoneName(zone, data.to)}
            </span>
            {data.share < 1 && <span>≈ counted in {shareText(data.share)} of the traces, evenly chosen</span>}
            <PartialNote isPartial={data.partial} nodesAway={data.statistics.nodesAway ?? []} />
            <span className={page.cost}>{wholeNumber(Math.round(data.statistics.elapsedMs))} ms</span>
          </div>
          <div className={styles.body} data-is-old={asked.isPlaceholderData || asked.isError}>
            <main ref={main} className={styles.main}>
              <div className={styles.scroll}>
                <ServiceMap data={data} selected={selected?.name} room={room} onSelect={select} />
              </div>
              <ServiceTable data={data} selected={selected?.name} onSelect={select} />
            </main>
            {selected && (
              <aside className={styles.aside}>
                <ServicePanel
                  data={data}
                  node={selected}
                  range={range}
                  close={
                    <IconButton
                      label="Close the service"
                      title="Close (Esc)"
                      onClick={() => select(undefined)}
                    >
                      <Cross2Icon width={16} height={16} />
                    </IconButton>
                  }
                />
              </aside>
            )}
          </div>
        </>
      )}
      {data?.nodes.length === 0 && !asked.isPlaceholderData && (
        <main className={empty.empty}>
          <h2>No span in this time</h2>
          <p>
            The map is made of the spans that services send. Choose a longer time, or see under Traces how to
            send some.
          </p>
        </main>
      )}
      {!data && problem && <ProblemPlace problem={problem} onAskAgain={askAgain} />}
    </div>
  );
}
