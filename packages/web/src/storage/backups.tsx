import { useBackups, useStartBackup } from "../api/server-figures.ts";
import button from "../app/button.module.css";
import { usePreferences } from "../app/preferences.ts";
import { byteText } from "../fields/numbers.ts";
import styles from "../figures/figures.module.css";
import { dateAndTime } from "../time/format.ts";
import { zoneName } from "../time/zone.ts";

/** The backups that are there, and the way to another. */
export function Backups() {
  const { data, error } = useBackups();
  const start = useStartBackup();
  const { zone } = usePreferences();
  const isRunning = start.isPending || (data?.backups.some(({ state }) => state === "running") ?? false);
  const failure = start.error ?? error;
  return (
    <section className={styles.section} aria-label="Backups">
      <header>
        <h2>Backups</h2>
        <button type="button" className={button.button} disabled={isRunning} onClick={() => start.mutate()}>
          {isRunning ? "Writing a backup" : "Back up now"}
        </button>
      </header>
      {failure && (
        <p role="alert" className={`${styles.note} ${styles.wrong}`}>
          {failure.message}
        </p>
      )}
      {data?.backups.length === 0 && (
        <p className={styles.note}>
          There is none in <code>{data.directory}</code> on the server.
        </p>
      )}
      {data && data.backups.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col" className={styles.name}>
                Folder on the server
              </th>
              <th scope="col">Bytes</th>
              <th scope="col">Of ({zoneName(zone, Date.now())})</th>
            </tr>
          </thead>
          <tbody>
            {data.backups.map((backup) => (
              <tr key={backup.name}>
                <th scope="row" className={styles.name} title={backup.path}>
                  {backup.path}
                </th>
                {backup.state === "failed" ? (
                  <td className={styles.wrong} title={backup.error ?? ""}>
                    failed: {backup.error}
                  </td>
                ) : (
                  <td>
                    {byteText(backup.bytes)}
                    {backup.state === "running" && " so far"}
                  </td>
                )}
                <td>{dateAndTime(Date.parse(backup.createdAt), zone)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
