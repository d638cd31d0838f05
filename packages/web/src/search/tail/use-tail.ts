import type { LogRow, Problem, TailRows } from "@polylog/server/contract";
import { parseQuery } from "@polylog/server/query";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { apiUrl } from "../../api/client.ts";
import {
  beatOf,
  EMPTY_TAIL,
  receive,
  release,
  sampling,
  type TailBeat,
  type TailBuffer,
} from "./tail-buffer.ts";

/** Messages are drawn together this often: more often than that nobody reads. */
const DRAW_EVERY_MS = 150;
/** Rows from before the tail began, so that none falls between the search and the tail. */
const BACKLOG = 100;
const REOPEN_MS = 2000;

export interface Tail {
  readonly buffer: TailBuffer;
  readonly isPaused: boolean;
  readonly sampling: { readonly matched: number; readonly sent: number } | undefined;
  readonly problem: Problem | undefined;
  readonly pause: () => void;
  readonly resume: () => void;
}

/** New records that match, as they arrive. Starts afresh with every other query. */
export function useTail(query: string, isOn: boolean): Tail {
  const [buffer, setBuffer] = useState<TailBuffer>(EMPTY_TAIL);
  const [isPaused, setIsPaused] = useState(false);
  const [rate, setRate] = useState<Tail["sampling"]>(undefined);
  const [problem, setProblem] = useState<Problem | undefined>(undefined);
  const paused = useRef(false);
  const client = useQueryClient();

  const pause = useCallback(() => {
    paused.current = true;
    setIsPaused(true);
  }, []);
  const resume = useCallback(() => {
    paused.current = false;
    setIsPaused(false);
    setBuffer(release);
  }, []);

  useEffect(() => {
    setBuffer(EMPTY_TAIL);
    setRate(undefined);
    setProblem(undefined);
    setIsPaused(false);
    paused.current = false;
    if (!isOn || !parseQuery(query).ok) return;

    let arrived: LogRow[] = [];
    let beats: TailBeat[] = [];
    let source: EventSource | undefined;
    let reopening: ReturnType<typeof setTimeout> | undefined;
    const open = () => {
      source = new EventSource(apiUrl("/logs/tail", { query, backlog: BACKLOG }));
      source.addEventListener("rows", (event) => {
        const message = JSON.parse(event.data) as TailRows;
        beats.push(beatOf(message, Date.now()));
        arrived = arrived.concat(message.rows);
        setProblem(undefined);
      });
      source.addEventListener("problem", (event) => setProblem(JSON.parse(event.data) as Problem));
      source.addEventListener("error", () => {
        // The browser connects again by itself after a break, and tells the server the last record it has seen; not
        // after an answer that is an error, such as that of a store which starts.
        void client.invalidateQueries({ queryKey: ["status"] });
        if (source?.readyState === EventSource.CLOSED) reopening = setTimeout(open, REOPEN_MS);
      });
    };
    open();
    const timer = setInterval(() => {
      const now = Date.now();
      beats = beats.slice(-500);
      setRate((before) => same(before, sampling(beats, now)));
      if (arrived.length === 0) return;
      const rows = arrived;
      arrived = [];
      setBuffer((before) => receive(before, rows, paused.current));
    }, DRAW_EVERY_MS);
    return () => {
      source?.close();
      clearTimeout(reopening);
      clearInterval(timer);
    };
  }, [query, isOn, client]);

  return { buffer, isPaused, sampling: rate, problem, pause, resume };
}

function same(before: Tail["sampling"], after: Tail["sampling"]): Tail["sampling"] {
  return before?.matched === after?.matched && before?.sent === after?.sent ? before : after;
}
