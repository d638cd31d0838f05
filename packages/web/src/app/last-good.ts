import { useRef } from "react";

/**
 * The newest answer there has been. TanStack Query drops the old answer when the next question fails; a page that
 * somebody reads must not.
 */
export function useLastGood<T>(data: T | undefined): T | undefined {
  const last = useRef(data);
  if (data !== undefined) last.current = data;
  return data ?? last.current;
}
