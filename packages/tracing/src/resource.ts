import { hostname } from "node:os";
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import type { TracingOptions } from "./options.ts";

/**
 * What all spans and metrics of this process say of it. Command lines are left out: they hold secrets more often than one
 * thinks. Nothing here is found out later, so that spans can be sent at the very end.
 */
export function createResource(options: TracingOptions): Resource {
  return (
    defaultResource()
      .merge(
        resourceFromAttributes({
          "host.name": hostname(),
          "process.pid": process.pid,
          "process.runtime.name": "nodejs",
          "process.runtime.version": process.versions.node,
        }),
      )
      // OTEL_RESOURCE_ATTRIBUTES and OTEL_SERVICE_NAME.
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(resourceFromAttributes(options.resourceAttributes ?? {}))
      .merge(
        resourceFromAttributes(
          options.serviceName === undefined ? {} : { "service.name": options.serviceName },
        ),
      )
  );
}
