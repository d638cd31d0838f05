import { useEffect, useState } from "react";

/** True once `isTrue` has held for a while: a spinner that shows for less than 200 ms is only a flicker. */
export function useLater(isTrue: boolean, milliseconds = 200): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    if (!isTrue) {
      setIsLate(false);
      return;
    }
    const timer = setTimeout(() => setIsLate(true), milliseconds);
    return () => clearTimeout(timer);
  }, [isTrue, milliseconds]);
  return isTrue && isLate;
}
