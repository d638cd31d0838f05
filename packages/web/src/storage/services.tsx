import { Link } from "@tanstack/react-router";
import { useStorageServices } from "../api/server-figures.ts";
import { byteText, shortCount, wholeNumber } from "../fields/numbers.ts";
import { Bar } from "../figures/bar.tsx";
import styles from "../figures/figures.module.css";
import { serviceQuery } from "../intake/service-query.ts";

/** Which services take the most. Their bytes are judged by a sample, which the page says. */
export function Services() {
  const { data, error } = useStorageServices();
  const most = data?.services[0]?.bytes ?? 0;
  return (
    <section className={styles.section} aria-label="By service">
      <h2>By service</h2>
      {error && <p className={`${styles.note} ${styles.wrong}`}>{error.message}</p>}
      {data && data.services.length > 0 && (
        <>
          <p className={styles.note}>Records are counted; bytes are judged by a sample of them.</p>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col" className={styles.name}>
                  Service
                </th>
                <th scope="col" className={`${styles.barCell} ${styles.wide}`}>
                  <span className="for-screen-readers">Share</span>
                </th>
                <th scope="col">About bytes</th>
                <th scope="col">Records</th>
                <th scope="col" className={styles.wide}>
                  Spans
                </th>
              </tr>
            </thead>
            <tbody>
              {data.services.map(({ service, bytes, logs, spans }) => {
                const query = serviceQuery(service);
                return (
                  <tr key={service}>
                    <th scope="row" className={styles.name} title={service}>
                      {query === undefined ? (
                        service || <span className={styles.quiet}>without a name</span>
                      ) : (
                        <Link to="/" search={{ q: query }}>
                          {service}
                        </Link>
                      )}
                    </th>
                    <td className={`${styles.barCell} ${styles.wide}`}>
                      <Bar share={bytes / most} />
                    </td>
                    <td>{byteText(bytes)}</td>
                    <td>{shortCount(logs)}</td>
                    <td className={styles.wide}>{shortCount(spans)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
          {data.others.services > 0 && (
            <p className={styles.note}>
              And {wholeNumber(data.others.services)} more with {byteText(data.others.bytes)}.
            </p>
          )}
        </>
      )}
    </section>
  );
}
