import type { StatusResponse } from "@polylog/server/contract";
import { useQuery } from "@tanstack/react-query";
import { getJson } from "./client.ts";
import { noteAnswer, noteAway, noteServerClock, useConnection } from "./connection.ts";

const WHILE_IT_ANSWERS_MS = 10_000;
const WHILE_AWAY_MS = 2000;
/** An empty store is looked at often: somebody has just sent the first record and waits for it. */
const WHILE_EMPTY_MS = 1000;

/** What the server says of itself; asked for again and again, more often while it is away or empty. */
export function useStatus() {
  const connection = useConnection();
  return useQuery({
    queryKey: ["status"],
    queryFn: async ({ signal }) => {
      const status = await getJson<StatusResponse>("/status", {}, signal);
      noteServerClock(status.now);
      if (status.ready) noteAnswer();
      else noteAway("store");
      return status;
    },
    staleTime: 0,
    refetchInterval: (query) => {
      if (connection.state === "away") return WHILE_AWAY_MS;
      return query.state.data?.logs === 0 ? WHILE_EMPTY_MS : WHILE_IT_ANSWERS_MS;
    },
  });
}
