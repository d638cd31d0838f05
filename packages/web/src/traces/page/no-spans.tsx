import { useStatus } from "../../api/status.ts";
import buttons from "../../app/button.module.css";
import { useCopy } from "../../app/use-copy.ts";
import empty from "../../search/empty/empty.module.css";
import styles from "./no-spans.module.css";

/** Nothing has sent a span yet: how to. */
export function NoSpans() {
  const { data: status } = useStatus();
  const { isCopied, copy } = useCopy();
  const http = status?.endpoints.http ?? window.location.origin;
  const code = `OTEL_TRACES_EXPORTER=otlp \\
OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf \\
OTEL_EXPORTER_OTLP_ENDPOINT=${http} \\
OTEL_SERVICE_NAME=my-app \\
  your-app`;
  return (
    <main className={empty.empty}>
      <h1 className={styles.title}>No span is stored yet</h1>
      <p>
        Any OpenTelemetry SDK or Collector sends traces here over OTLP; this is how a program with an SDK is
        told where to. Traces show up as they arrive.
      </p>
      <pre className={styles.code}>{code}</pre>
      <p>
        <button type="button" className={buttons.button} onClick={() => copy(code)}>
          {isCopied ? "Copied" : "Copy"}
        </button>
      </p>
      <p>
        {status?.endpoints.grpc && (
          <>
            OTLP over gRPC: <code>{status.endpoints.grpc}</code>.{" "}
          </>
        )}
        Zipkin: <code>POST {http}/api/v2/spans</code>.
      </p>
    </main>
  );
}
