import type { Environment } from "../environment.ts";
import { oneOf, textOf } from "../environment.ts";
import { PROTOCOLS, type Protocol, type TracingOptions } from "../options.ts";
import type { Tell } from "../tell.ts";

/** What is sent, as the environment's variables and the protocol's paths name it. */
export type Signal = "traces" | "metrics";

/**
 * A collector, as far as the code says. The rest (endpoint, headers, certificates, compression, time limits) the
 * exporters take from `OTEL_EXPORTER_OTLP_…` themselves.
 */
export interface Destination {
  readonly protocol: Protocol;
  /** Complete, with the signal's path where the protocol has one. */
  readonly url: string | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
}

/** @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export function destinationOf(
  signal: Signal,
  options: TracingOptions,
  environment: Environment,
  tell: Tell,
): Destination {
  const protocol =
    options.protocol ??
    oneOf(PROTOCOLS, environment, `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_PROTOCOL`, tell) ??
    oneOf(PROTOCOLS, environment, "OTEL_EXPORTER_OTLP_PROTOCOL", tell) ??
    "grpc";
  return { protocol, url: urlOf(signal, protocol, options.endpoint), headers: options.headers };
}

function urlOf(signal: Signal, protocol: Protocol, endpoint: string | undefined): string | undefined {
  if (endpoint === undefined || protocol === "grpc") return endpoint;
  return `${endpoint.replace(/\/$/, "")}/v1/${signal}`;
}

/** The address for people, without what may be secret in it. */
export function addressOf(signal: Signal, destination: Destination, environment: Environment): string {
  const given =
    destination.url ??
    textOf(environment, `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_ENDPOINT`) ??
    textOf(environment, "OTEL_EXPORTER_OTLP_ENDPOINT");
  if (!given) return destination.protocol === "grpc" ? "http://localhost:4317" : "http://localhost:4318";
  try {
    const { protocol, host } = new URL(given.includes("://") ? given : `https://${given}`);
    return `${protocol}//${host}`;
  } catch {
    // There may be a password in what can't be read.
    return "an endpoint that is no URL";
  }
}
