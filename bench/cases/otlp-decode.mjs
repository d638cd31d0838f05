import { createServer } from "node:http";
import { OTLPLogExporter as JsonExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { OTLPLogExporter as ProtobufExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from "@opentelemetry/sdk-logs";
import { decodeJsonLogs } from "../../packages/server/dist/receivers/otlp/json/logs.js";
import { decodeLogs } from "../../packages/server/dist/receivers/otlp/protobuf/logs.js";
import { createRandom } from "../dataset.mjs";
import { median } from "../report.mjs";

const RECORDS = 5000;
const NOW = 1_700_000_000_000_000_000n;

/** How fast batches of 5,000 log records with eight attributes become records, as OpenTelemetry's SDK encodes them. */
export async function run({ isQuick, report }) {
  const records = sdkRecords();
  const cases = [
    ["protobuf", decodeLogs, (url) => new ProtobufExporter({ url })],
    ["json", decodeJsonLogs, (url) => new JsonExporter({ url })],
  ];
  for (const [name, decode, exporterTo] of cases) {
    const bytes = await requestOf(exporterTo, records);
    const rates = rounds(() => decode(bytes, NOW).records.length, isQuick ? 5 : 40);
    report.add(`${name} logs`, median(rates), "records/s");
    report.add(`${name} logs, volume`, (median(rates) * bytes.length) / RECORDS / 1e6, "MB/s");
  }
}

/** Records a second, of each round after the ones that warm up. */
function rounds(decode, count) {
  const rates = [];
  for (let round = -10; round < count; round++) {
    const begin = process.hrtime.bigint();
    const decoded = decode();
    const seconds = Number(process.hrtime.bigint() - begin) / 1e9;
    if (decoded !== RECORDS) throw new Error(`decoded ${decoded} records of ${RECORDS}`);
    if (round >= 0) rates.push(decoded / seconds);
  }
  return rates;
}

function sdkRecords() {
  const random = createRandom(1);
  const number = (below) => Math.floor(random() * below);
  const memory = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ "service.name": "checkout", "host.name": "web-1" }),
    processors: [new SimpleLogRecordProcessor({ exporter: memory })],
  });
  const logger = provider.getLogger("http.server");
  for (let i = 0; i < RECORDS; i++) {
    const id = number(1e9).toString(36);
    logger.emit({
      severityNumber: 9,
      severityText: "INFO",
      body: `request ${id} completed: GET /orders/${number(10_000)} 200 in ${number(500)} ms`,
      attributes: {
        "http.request.method": "GET",
        "http.route": "/orders/:id",
        "http.response.status_code": 200,
        duration_ms: random() * 500,
        "customer.id": number(100_000),
        "request.id": `${id}-${number(1e9).toString(36)}`,
        cached: random() < 0.5,
        upstream: ["catalog", "payments", "stock"][number(3)],
      },
    });
  }
  return memory.getFinishedLogRecords();
}

/** The bytes that an exporter sends. */
async function requestOf(exporterTo, records) {
  const chunks = [];
  const server = createServer((request, response) => {
    request.on("data", (chunk) => chunks.push(chunk)).on("end", () => response.end());
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const exporter = exporterTo(`http://127.0.0.1:${server.address().port}`);
  await new Promise((resolve) => exporter.export(records, resolve));
  await exporter.shutdown();
  await new Promise((resolve) => server.close(resolve));
  return Buffer.concat(chunks);
}
