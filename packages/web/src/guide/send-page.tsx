import { Link } from "@tanstack/react-router";
import { useEffect } from "react";
import { useStatus } from "../api/status.ts";
import message from "../app/message-page.module.css";
import { TopBar } from "../app/top-bar.tsx";
import { byteText, wholeNumber } from "../fields/numbers.ts";
import { keptText, longDuration } from "../time/duration.ts";
import styles from "./guide.module.css";
import { Guide } from "./guide.tsx";

/** How to send more logs, and what the server holds. */
export function SendPage() {
  const { data: status } = useStatus();
  useEffect(() => {
    document.title = "Send logs · Polylog";
  }, []);
  return (
    <div className={styles.sendPage}>
      <TopBar>
        <span className={message.spacer} />
      </TopBar>
      <main className={styles.page}>
        <div className={styles.text}>
          <h1>Send logs</h1>
          <p>
            From any program, in any language. <Link to="/">Back to the search</Link>
          </p>
          <Guide />
          {status && (
            <table className={styles.facts}>
              <caption className="for-screen-readers">The server</caption>
              <tbody>
                <Fact name="HTTP (OTLP, JSON lines)" value={status.endpoints.http} isCode />
                <Fact name="gRPC (OTLP)" value={status.endpoints.grpc ?? "not listening"} isCode />
                <Fact
                  name="Holds"
                  value={`${wholeNumber(status.logs)} records, ${wholeNumber(status.spans)} spans, ${byteText(status.bytesOnDisk)} on disk`}
                />
                <Fact name="Keeps them" value={keptText(status.retentionDays)} />
                <Fact name="Runs for" value={longDuration(status.now - status.startedAt)} />
                <Fact
                  name="Version"
                  value={`${status.version}, engine ${status.engine.version ?? status.engine.state}`}
                />
              </tbody>
            </table>
          )}
        </div>
      </main>
    </div>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly isCode?: boolean;
}

function Fact({ name, value, isCode = false }: FactProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{isCode ? <code>{value}</code> : value}</td>
    </tr>
  );
}
