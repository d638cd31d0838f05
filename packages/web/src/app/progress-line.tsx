import styles from "./progress-line.module.css";
import { useLater } from "./use-later.ts";

/** A thin line on top of what is being asked for again. It takes no room, and shows only when it takes a while. */
export function ProgressLine({ isBusy }: { readonly isBusy: boolean }) {
  const isShown = useLater(isBusy);
  return (
    <div className={styles.place}>
      {isShown && <div className={styles.line} role="progressbar" aria-label="Searching" />}
    </div>
  );
}
