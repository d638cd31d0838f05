import { ArrowLeftIcon } from "@radix-ui/react-icons";
import { Link } from "@tanstack/react-router";
import { wayBack } from "../../app/way-back.ts";
import styles from "./trace-page.module.css";

/** To the list from which the reader came: traces, or records. */
export function BackLink({ traceId }: { readonly traceId: string }) {
  const back = wayBack();
  if (back?.to === "/traces") {
    return (
      <Link to="/traces" search={back.search} className={styles.back}>
        <ArrowLeftIcon width={15} height={15} aria-hidden="true" /> Traces
      </Link>
    );
  }
  return (
    <Link to="/" search={back?.search ?? { q: `trace:${traceId}` }} className={styles.back}>
      <ArrowLeftIcon width={15} height={15} aria-hidden="true" /> Search
    </Link>
  );
}
