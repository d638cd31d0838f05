/**
 * The engine's own process: loads ClickHouse as a shared library and hands it the command line.
 *
 *     node child.js LIBRARY ARGUMENT…
 *
 * It lives exactly as long as its standard input is open. Signals that reach a whole group of processes (Ctrl-C,
 * `systemctl stop`) are left to the parent, which still has records to store when they come.
 */
import { DataType, load, open } from "ffi-rs";
import { dropFilePages } from "./pages.ts";

/** Milliseconds that ClickHouse may take to end after the parent is gone. */
const ORPHAN_GRACE = 2_000;
/** Milliseconds between looks at whether it is idle. */
const IDLE_PERIOD = 2_000;
/** Microseconds of processor time in that period that still count as idle. */
const IDLE_TIME = 40_000;
/** Milliseconds between two times of giving memory back. */
const GIVE_BACK_PERIOD = 60_000;

const [library = "", ...parameters] = process.argv.slice(2);
const parent = process.ppid;
// Replaces what `ps` shows, too.
process.title = "polylog-engine";
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
open({ library: "clickhouse", path: library });
endWithParent();
if (process.platform === "linux") giveBackWhenIdle();

const argv = ["clickhouse", ...parameters];
await load({
  library: "clickhouse",
  // `clickhouse local`, as a function: int argc, char ** argv.
  funcName: "query_stable_v2",
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [argv.length, argv],
  // Keeps this event loop alive for the signals and the watches.
  runInNewThread: true,
});
process.exit(0);

/** ClickHouse sees the end of standard input by itself; this is for the case that it hangs while it stops. */
function endWithParent(): void {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    setTimeout(() => process.kill(process.pid, "SIGKILL"), ORPHAN_GRACE);
  }, 1_000);
}

/** Keeps the memory of an idle engine small: 100 MB instead of 250. */
function giveBackWhenIdle(): void {
  let next = 0;
  let before = process.cpuUsage();
  setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    const now = performance.now();
    if (user + system > IDLE_TIME || now < next) return;
    next = now + GIVE_BACK_PERIOD;
    dropFilePages("clickhouse", library);
  }, IDLE_PERIOD);
}
