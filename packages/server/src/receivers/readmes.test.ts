import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type CapturingIntake, capturingIntake, receiverContext } from "../testing/capturing-intake.ts";
import { type HttpReceiver, listenWith } from "../testing/http-receiver.ts";
import { registerHttpIntakes } from "./http-intakes.ts";

/** The first command of a protocol's README is the one that people try. */
let intake: CapturingIntake;
let server: HttpReceiver;
beforeEach(async () => {
  intake = capturingIntake();
  server = await listenWith(registerHttpIntakes, receiverContext(intake));
});
afterEach(() => server.stop());

it.each([
  ["auralogs", "order 7 is lost"],
  ["gelf", "disk is nearly full"],
  ["raygun", "order 7 is lost"],
  ["scalyr", "disk is nearly full"],
  ["sentry", "disk is nearly full"],
  ["zipkin", "get /orders"],
])("the README of %s begins with a command that works", async (protocol, text) => {
  const readme = await readFile(new URL(`${protocol}/README.md`, import.meta.url), "utf8");
  const command = /```sh\n(.*?)\n```/s.exec(readme)![1]!.replace("http://127.0.0.1:4318", server.url);
  await promisify(execFile)("sh", ["-c", command.replace("curl ", "curl -sS --fail-with-body ")]);
  expect([...intake.logs.map((log) => log.body), ...intake.spans.map((span) => span.name)]).toEqual([text]);
});
