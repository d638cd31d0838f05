import { useSyncExternalStore } from "react";

/** Whether a media query holds now. */
function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => matchMedia(query).matches,
  );
}

/** A page too narrow for a column of facets: they go into a drawer, and a record into a sheet. */
export function useIsNarrow(): boolean {
  return useMedia("(max-width: 760px)");
}
