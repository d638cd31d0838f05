import styles from "./guide.module.css";
import { Guide } from "./guide.tsx";

/** What an empty store shows. It goes away by itself with the first record. */
export function FirstLog({ onShowOwn }: { readonly onShowOwn: (() => void) | undefined }) {
  return (
    <div className={styles.page}>
      <section className={styles.text} aria-label="Send the first log">
        <h2>Send the first log</h2>
        <p>The server is ready and has no record of yours yet.</p>
        <Guide />
        <p className={styles.waiting} role="status">
          <i aria-hidden="true" />
          Waiting for the first record. This page shows it by itself.
        </p>
        {onShowOwn && (
          <p>
            The server keeps its own records too.{" "}
            <button type="button" className={styles.own} onClick={onShowOwn}>
              Show them
            </button>
          </p>
        )}
      </section>
    </div>
  );
}
