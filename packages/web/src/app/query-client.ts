import { QueryClient } from "@tanstack/react-query";

/** What the pages have asked, and how they ask. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // A question is about a time that has been resolved: asking it again is the reader's wish, not the window's.
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 60_000,
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: false,
      // On loopback a browser without a network still reaches the server.
      networkMode: "always",
    },
  },
});
