import { expect, test } from "vitest";
import { examples } from "./examples.ts";

const endpoints = { http: "http://10.0.0.5:4318", grpc: "10.0.0.5:4317" };

test("there is one for each way to send", () => {
  expect(examples(endpoints).map(({ title }) => title)).toEqual([
    "curl",
    "Node",
    "Python",
    "Rust",
    "OpenTelemetry SDK",
  ]);
});

test("each names the server's real address", () => {
  for (const { steps } of examples(endpoints))
    expect(steps.some(({ code }) => code.includes(endpoints.http))).toBe(true);
});

test("without gRPC nothing is said of it", () => {
  const text = JSON.stringify(examples({ ...endpoints, grpc: null }));
  expect(text).not.toContain("grpc");
});
