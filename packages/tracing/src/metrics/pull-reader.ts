import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { MetricReader } from "@opentelemetry/sdk-metrics";
import { withPrometheusNames } from "./prometheus-names.ts";

/** Collects metrics when somebody asks for them, in Prometheus' text format. */
export class PullReader extends MetricReader {
  readonly #serializer = new PrometheusSerializer();

  async text(): Promise<string> {
    const { resourceMetrics } = await this.collect();
    return this.#serializer.serialize(withPrometheusNames(resourceMetrics));
  }

  // There is nothing that waits to be sent.
  protected override async onForceFlush(): Promise<void> {}

  protected override async onShutdown(): Promise<void> {}
}
