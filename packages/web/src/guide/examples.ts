/** Where a first log can come from. Each example is complete: copied into a shell or a file, it sends one record. */
export interface Example {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly Step[];
}

interface Step {
  readonly say: string;
  readonly code: string;
}

/** Where the server listens, as its status says. */
export interface Endpoints {
  /** `http://127.0.0.1:4318`. */
  readonly http: string;
  /** `127.0.0.1:4317`; null when it does not listen for gRPC. */
  readonly grpc: string | null;
}

export function examples({ http, grpc }: Endpoints): readonly Example[] {
  const lines = `${http}/v1/jsonl`;
  return [
    {
      id: "curl",
      title: "curl",
      steps: [
        {
          say: "One JSON object a line, with the names your logger uses already.",
          code: `curl ${lines} \\
  -H 'content-type: application/x-ndjson' \\
  --data-binary '{"level":"info","service":"my-app","message":"hello from curl"}'`,
        },
      ],
    },
    {
      id: "node",
      title: "Node",
      steps: [
        {
          say: "Save as hello.mjs and run it with node hello.mjs.",
          code: `await fetch("${lines}?service=my-app", {
  method: "POST",
  headers: { "content-type": "application/x-ndjson" },
  body: JSON.stringify({
    time: new Date().toISOString(),
    level: "info",
    logger: "hello",
    message: "hello from Node",
    runtime: "node",
  }),
});`,
        },
        {
          say: "A program that logs to its output already (pino, winston, console) needs no change.",
          code: `npx -p @polylog/server polylog run --server ${http} --service my-app -- node server.js`,
        },
      ],
    },
    {
      id: "python",
      title: "Python",
      steps: [
        {
          say: "Save as hello.py and run it with python3 hello.py. It needs the standard library only.",
          code: `import json, logging, urllib.request
from datetime import datetime, timezone

class Polylog(logging.Handler):
    def emit(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        request = urllib.request.Request(
            "${lines}?service=my-app&runtime=python",
            json.dumps(line).encode(),
            {"content-type": "application/x-ndjson"},
        )
        urllib.request.urlopen(request, timeout=5).close()

logging.basicConfig(level=logging.INFO, handlers=[Polylog()])
logging.getLogger("hello").info("hello from Python")`,
        },
      ],
    },
    {
      id: "rust",
      title: "Rust",
      steps: [
        {
          say: "In the folder of your crate:",
          code: `cargo add tracing
cargo add tracing-subscriber --features json`,
        },
        {
          say: "In src/main.rs:",
          code: `fn main() {
    tracing_subscriber::fmt().json().flatten_event(true).init();
    tracing::info!(answer = 42, "hello from Rust");
}`,
        },
        {
          say: "Run it; its output stays on the screen and is sent as well.",
          code: `npx -p @polylog/server polylog run --server ${http} --service my-app -- cargo run`,
        },
      ],
    },
    {
      id: "opentelemetry",
      title: "OpenTelemetry SDK",
      steps: [
        {
          say: "Any SDK, logs and traces, over HTTP:",
          code: `export OTEL_SERVICE_NAME=my-app
export OTEL_LOGS_EXPORTER=otlp
export OTEL_TRACES_EXPORTER=otlp
export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf
export OTEL_EXPORTER_OTLP_ENDPOINT=${http}`,
        },
        ...(grpc === null
          ? []
          : [
              {
                say: "Or over gRPC:",
                code: `export OTEL_EXPORTER_OTLP_PROTOCOL=grpc
export OTEL_EXPORTER_OTLP_ENDPOINT=http://${grpc}`,
              },
            ]),
        {
          say: "A Node program then needs no change:",
          code: `npm install @opentelemetry/api @opentelemetry/auto-instrumentations-node
node --require @opentelemetry/auto-instrumentations-node/register server.js`,
        },
      ],
    },
  ];
}
