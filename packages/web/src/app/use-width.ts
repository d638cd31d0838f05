import { type RefObject, useLayoutEffect, useState } from "react";

/** The width of an element in pixels, as it changes; 0 while it is not there. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  const [observed, setObserved] = useState<HTMLElement | null>(null);
  // The element may come later than the component, with the first answer.
  useLayoutEffect(() => setObserved(element.current));
  useLayoutEffect(() => {
    if (!observed) return;
    setWidth(observed.clientWidth);
    const observer = new ResizeObserver(() => setWidth(observed.clientWidth));
    observer.observe(observed);
    return () => observer.disconnect();
  }, [observed]);
  return width;
}
