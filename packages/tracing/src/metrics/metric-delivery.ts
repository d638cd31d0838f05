import { ExportResultCode } from "@opentelemetry/core";
import type { PushMetricExporter } from "@opentelemetry/sdk-metrics";
import type { Outage } from "../exporters/outage.ts";

/** The exporter, with an eye on whether the collector takes what it sends. */
export function watchMetricExporter(exporter: PushMetricExporter, outage: Outage): PushMetricExporter {
  const send = exporter.export.bind(exporter);
  exporter.export = (metrics, done) => {
    send(metrics, (result) => {
      if (result.code === ExportResultCode.SUCCESS) outage.succeeded();
      else outage.failed(result.error, 1);
      done(result);
    });
  };
  return exporter;
}
