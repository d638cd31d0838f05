import { useMemo } from "react";
import styles from "./record.module.css";
import { stackParts } from "./stack-frames.ts";

/** A stack trace whose frames of libraries are folded away, one line a library. */
export function StackTrace({ stack }: { readonly stack: string }) {
  const parts = useMemo(() => stackParts(stack), [stack]);
  return (
    <section className={styles.stack} aria-label="Stack trace">
      {parts.map((part, index) =>
        part.kind === "own" ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a trace never change their order
          <pre key={index}>{part.lines.join("\n")}</pre>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <details key={index}>
            <summary>
              {part.lines.length} lines in {part.library}
            </summary>
            <pre>{part.lines.join("\n")}</pre>
          </details>
        ),
      )}
    </section>
  );
}
