import { Drawer } from "@mantine/core";
import { MagnifyingGlassIcon } from "@radix-ui/react-icons";
import { useMemo, useRef } from "react";
import { type SpanDetails, useSpan } from "../../api/trace.ts";
import { useOverlay } from "../../app/overlay.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import { TopBar } from "../../app/top-bar.tsx";
import { useIsNarrow } from "../../app/use-media.ts";
import { wholeNumber } from "../../fields/numbers.ts";
import { serviceColors } from "../model/service-color.ts";
import type { TraceModel, TraceSpan } from "../model/trace-model.ts";
import { SpanPanel } from "../panel/span-panel.tsx";
import { TracePanel } from "../panel/trace-panel.tsx";
import { Waterfall } from "../waterfall/waterfall.tsx";
import { BackLink } from "./back-link.tsx";
import { TraceFacts } from "./trace-facts.tsx";
import styles from "./trace-page.module.css";
import { useTraceState } from "./use-trace-state.ts";

interface TraceViewProps {
  readonly model: TraceModel;
  readonly traceId: string;
  readonly isPartial: boolean;
  /** Nodes of a cluster that were missing. */
  readonly nodesAway: readonly string[];
  readonly details: SpanDetails | undefined;
  /** Whether the details are those of all spans, or on their way. */
  readonly isWhole: boolean;
}

/** A trace that is there: its waterfall, and the open span beside it. */
export function TraceView({ model, traceId, isPartial, nodesAway, details, isWhole }: TraceViewProps) {
  const isNarrow = useIsNarrow();
  const overlay = useOverlay();
  const find = useRef<HTMLInputElement>(null);
  const state = useTraceState(model, traceId, details);
  const { selected, folded, fold } = state;
  const colors = useMemo(() => serviceColors(model.services), [model]);
  const one = model.spans[selected];
  const root = model.spans[0];

  useShortcuts(
    new Map([
      ["/", () => find.current?.focus()],
      ["j", () => state.step(1)],
      ["k", () => state.step(-1)],
      ["ArrowDown", () => state.step(1)],
      ["ArrowUp", () => state.step(-1)],
      ["ArrowLeft", () => one && one.children.length > 0 && !folded.has(one.key) && fold(one.key)],
      ["ArrowRight", () => one && folded.has(one.key) && fold(one.key)],
      ["n", () => state.nextMatch(1)],
      ["N", () => state.nextMatch(-1)],
      ["e", () => state.nextError(1)],
      ["E", () => state.nextError(-1)],
      ["Escape", state.close],
    ]),
    overlay === undefined,
  );

  const panel = one && (
    <OpenSpan
      key={one.key}
      model={model}
      traceId={traceId}
      one={one}
      place={selected}
      details={details}
      isWhole={isWhole}
      color={colors.get(one.service) ?? ""}
      onClose={state.close}
    />
  );
  return (
    <>
      <TopBar>
        <BackLink traceId={traceId} />
        <h1 className={styles.title}>
          <span>{root?.service}</span> {root?.name}
        </h1>
        <search
          className={styles.find}
          title={isWhole ? undefined : "In names, services, ids and messages: the trace is too long for more"}
        >
          <MagnifyingGlassIcon width={15} height={15} aria-hidden="true" />
          <input
            ref={find}
            aria-label="Find in the trace"
            placeholder="Find in the trace"
            value={state.text}
            spellCheck={false}
            onChange={(event) => state.find(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Enter") state.nextMatch(event.shiftKey ? -1 : 1);
              else if (event.key === "Escape") event.currentTarget.blur();
              else return;
              event.preventDefault();
            }}
          />
          {state.matching && <span role="status">{wholeNumber(state.matching.size)} found</span>}
        </search>
      </TopBar>
      <TraceFacts
        model={model}
        traceId={traceId}
        isPartial={isPartial}
        nodesAway={nodesAway}
        onNextError={() => state.nextError(1)}
      />
      <div className={styles.body}>
        <main className={styles.main}>
          <Waterfall
            model={model}
            colors={colors}
            shown={state.shown}
            folded={folded}
            matching={state.matching}
            selected={selected}
            onSelect={state.select}
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
          onClose={state.close}
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

interface OpenSpanProps {
  readonly model: TraceModel;
  readonly traceId: string;
  readonly one: TraceSpan;
  readonly place: number;
  readonly details: SpanDetails | undefined;
  readonly isWhole: boolean;
  readonly color: string;
  readonly onClose: () => void;
}

/** The open span; what its outline doesn't have is asked for. */
function OpenSpan({ traceId, details, isWhole, ...rest }: OpenSpanProps) {
  const { span, error } = useSpan(traceId, rest.one, details, isWhole);
  return <SpanPanel {...rest} span={span} error={error} />;
}
