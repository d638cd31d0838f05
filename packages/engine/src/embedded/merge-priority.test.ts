import { readdirSync, readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { createEngines } from "../testing/engines.ts";
import { until } from "../testing/until.ts";
import { PULSE } from "./pulse.ts";

const engines = createEngines();
afterAll(engines.close);

/** How nice the first thread of a name is. proc_pid_stat(5): the name is the 2nd field, in parentheses, nice the 19th. */
function nicenessOf(pid: number, name: string): string | undefined {
  const tasks = `/proc/${pid}/task`;
  for (const thread of readdirSync(tasks)) {
    const stat = readFileSync(`${tasks}/${thread}/stat`, "utf8");
    const end = stat.lastIndexOf(")");
    if (stat.slice(stat.indexOf("(") + 1, end) === name) return stat.slice(end + 2).split(" ")[16];
  }
  return undefined;
}

test.skipIf(process.platform !== "linux")("merges have a lower priority than all else", async () => {
  const engine = await engines.start({ pulse: { ...PULSE, period: 100 } });
  await engine.ready();
  await engine.client.command({ query: "CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n" });
  const pid = engine.status().pid ?? 0;
  await until(() => nicenessOf(pid, "MergeMutate") === "10");
  expect(nicenessOf(pid, "HTTPHandler")).toBe("0");
});
