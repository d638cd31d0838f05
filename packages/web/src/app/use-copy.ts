import { useCallback, useEffect, useRef, useState } from "react";

const SHOWN_MS = 1500;

/**
 * Copies a text and says so for a moment. On a page that is served without TLS from another machine browsers
 * withhold the clipboard, so the old command is the fallback.
 */
export function useCopy(): { readonly isCopied: boolean; readonly copy: (text: string) => void } {
  const [isCopied, setIsCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = useCallback((text: string) => {
    void write(text).then((isWritten) => {
      setIsCopied(isWritten);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setIsCopied(false), SHOWN_MS);
    });
  }, []);
  return { isCopied, copy };
}

async function write(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    document.body.append(area);
    area.select();
    const isWritten = document.execCommand("copy");
    area.remove();
    return isWritten;
  }
}
