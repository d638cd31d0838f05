/**
 * The engine's own process: loads ClickHouse as a shared library and hands it the command line.
 *
 *     node child.js LIBRARY ARGUMENT…
 *
 * It lives exactly as long as its standard input is open. Signals that reach a whole group of processes (Ctrl-C,
 * `systemctl stop`) are left to the parent, which still has records to store when they come.
 */
import { DataType, load, open } from "ffi-rs";

/** Milliseconds that ClickHouse may take to end after the parent is gone. */
const ORPHAN_GRACE = 2_000;

const [library = "", ...parameters] = process.argv.slice(2);
const parent = process.ppid;
// Replaces what `ps` shows, too.
process.title = "polylog-engine";
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

// ClickHouse sees the end of standard input by itself; this is for the case that it hangs while it stops.
const watch = setInterval(() => {
  if (process.ppid === parent) return;
  clearInterval(watch);
  setTimeout(() => process.kill(process.pid, "SIGKILL"), ORPHAN_GRACE);
}, 1_000);

open({ library: "clickhouse", path: library });
const argv = ["clickhouse", ...parameters];
await load({
  library: "clickhouse",
  // `clickhouse local`, as a function: int argc, char ** argv.
  funcName: "query_stable_v2",
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [argv.length, argv],
  // Keeps this event loop alive for the signals and the watch.
  runInNewThread: true,
});
process.exit(0);
