import type { ErrorComponentProps } from "@tanstack/react-router";
import buttons from "./button.module.css";
import styles from "./message-page.module.css";

/** A fault of the page itself. Said plainly, with what to report, rather than a blank. */
export function PageError({ error, reset }: ErrorComponentProps) {
  return (
    <main className={styles.message} role="alert">
      <h1>This page has failed</h1>
      <p>Your records are safe: only what draws them has stopped.</p>
      <pre>{error instanceof Error ? error.message : String(error)}</pre>
      <p>
        <button type="button" className={buttons.button} onClick={reset}>
          Draw it again
        </button>
      </p>
    </main>
  );
}
