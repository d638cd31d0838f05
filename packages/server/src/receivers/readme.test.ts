import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type CapturingIntake, capturingIntake, receiverContext } from "../testing/capturing-intake.ts";
import { type HttpReceiver, listenWith } from "../testing/http-receiver.ts";
import { registerHttpIntakes } from "./http-intakes.ts";

const PROTOCOLS = ["splunk", "loki", "elasticsearch", "datadog", "loggly", "papertrail"];

let intake: CapturingIntake;
let receiver: HttpReceiver;
beforeEach(async () => {
  intake = capturingIntake();
  receiver = await listenWith(registerHttpIntakes, receiverContext(intake));
});
afterEach(() => receiver.stop());

it.each(PROTOCOLS)("the first command in the README of %s sends a record", async (protocol) => {
  const readme = readFileSync(join(import.meta.dirname, protocol, "README.md"), "utf8");
  const [, command = ""] = /^```sh\n(.*?)\n```$/ms.exec(readme) ?? [];
  expect(command).toContain("curl http://127.0.0.1:4318");
  const here = command
    .replace("http://127.0.0.1:4318", receiver.url)
    .replace("curl ", "curl -sS --fail-with-body ");
  await promisify(execFile)("sh", ["-c", here]);
  expect(intake.logs).toMatchObject([
    {
      body: "disk is nearly full",
      severityNumber: 13,
      resource: { serviceName: protocol === "splunk" ? "" : "shop" },
    },
  ]);
});
