import { expect, it } from "vitest";
import { programName } from "./program-name.ts";

it.each<[command: string[], service: string, runtime: string]>([
  [["./bin/checkout", "--port", "3"], "checkout", ""],
  [["node", "dist/checkout.js"], "checkout", "node"],
  [["/usr/bin/node", "-e", "1"], "node", "node"],
  [["python3.12", "-u", "worker.py"], "worker", "python"],
  [["python3", "-m", "http.server"], "python3", "python"],
  [["npm", "run", "dev"], "dev", "node"],
  [["node"], "node", "node"],
  [["ruby", "/"], "ruby", "ruby"],
])("%j is %s on %j", (command, service, runtime) => {
  expect(programName(command)).toEqual({ service, runtime });
});
