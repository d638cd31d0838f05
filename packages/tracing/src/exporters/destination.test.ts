import { expect, test } from "vitest";
import { addressOf } from "./destination.ts";

test.each([
  ["http://user:secret@collector:4318/v1/traces", "http://collector:4318"],
  ["collector:4317", "https://collector:4317"],
  ["http://user:secret@collector:port", "an endpoint that is no URL"],
])("of %s people see %s", (url, expected) => {
  expect(addressOf("traces", { protocol: "grpc", url, headers: undefined }, {})).toBe(expected);
});

test.each([
  [
    { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "", OTEL_EXPORTER_OTLP_ENDPOINT: "http://all:4318" },
    "http://all:4318",
  ],
  [
    {
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://traces:4318/x",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://all:4318",
    },
    "http://traces:4318",
  ],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: " " }, "http://localhost:4317"],
])("with %o in the environment they see %s", (environment, expected) => {
  const nothing = { protocol: "grpc", url: undefined, headers: undefined } as const;
  expect(addressOf("traces", nothing, environment)).toBe(expected);
});
