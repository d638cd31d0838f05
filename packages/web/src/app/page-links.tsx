import { Link } from "@tanstack/react-router";
import styles from "./page-links.module.css";
import { lastSearch, lastTraces } from "./way-back.ts";

/** The pages that are looked at all day, each as it was left. The menu has the rest, and these where they have no room. */
export function PageLinks() {
  return (
    <nav className={styles.links} aria-label="Pages">
      <Link to="/" search={lastSearch() ?? {}} activeOptions={{ exact: true, includeSearch: false }}>
        Logs
      </Link>
      <Link to="/traces" search={lastTraces() ?? {}} activeOptions={{ includeSearch: false }}>
        Traces
      </Link>
      <Link to="/services" activeOptions={{ includeSearch: false }}>
        Services
      </Link>
    </nav>
  );
}
