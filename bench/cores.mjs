import { spawn, spawnSync } from "node:child_process";

/** Whatever else wants the core goes first; and it ends by itself when nobody is there any more who would end it. */
const SPIN = `
  chrt --idle -p 0 $$ || renice -n 19 -p $$
  while kill -0 $PPID; do
    i=0
    while [ $i -lt 100000 ]; do i=$((i + 1)); done
  done`;

/**
 * Keeps cores from going to sleep between two messages. In a virtual machine it takes from tens of microseconds to a millisecond to
 * wake one, more than a round trip on loopback takes, and whether one sleeps depends on how long it waited before.
 *
 * @param {readonly number[]} cores by number
 * @returns {() => void} lets them sleep again
 */
export function keepAwake(cores) {
  const spinners = cores.map((core) => {
    const spinner = spawn("sh", ["-c", SPIN], { stdio: "ignore" });
    // Without a shell they sleep.
    spinner.once("error", () => {});
    pin(spinner.pid, core);
    return spinner;
  });
  return () => {
    for (const spinner of spinners) spinner.kill("SIGKILL");
  };
}

/**
 * Has a process run on one core. Two that talk to each other are half as long about it on the same core as on two, and the system moves
 * them about. Does nothing where there is no `taskset`.
 */
export function pin(pid, core) {
  spawnSync("taskset", ["--cpu-list", "--pid", String(core), String(pid)], { stdio: "ignore" });
}
