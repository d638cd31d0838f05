import { useConnection } from "../api/connection.ts";
import { clockTime } from "../time/format.ts";
import { zoneName } from "../time/zone.ts";
import styles from "./away-bar.module.css";
import { usePreferences } from "./preferences.ts";
import { useLater } from "./use-later.ts";

/** Says that the server is away, and since when. The page stays as it was. */
export function AwayBar() {
  const connection = useConnection();
  const { zone } = usePreferences();
  const isShown = useLater(connection.state === "away", 300);
  if (connection.state !== "away" || !isShown) return null;
  const since = `${clockTime(connection.since, zone).slice(0, 8)} ${zoneName(zone, connection.since)}`;
  return (
    <p className={styles.bar} role="status">
      <b>
        {connection.reason === "store" ? "The store is not ready" : "The server does not answer"} since{" "}
        {since}.
      </b>{" "}
      What is on the page stays. It is asked again every two seconds.
    </p>
  );
}
