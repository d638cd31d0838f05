import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * What tells a process from a later one that was given the same number: when it started. Null when there is none.
 * Numbers come back quickly in containers, where a server is always process 1 or 7.
 */
export function processIdentity(pid: number): string | null {
  return process.platform === "linux" ? linuxIdentity(pid) : portableIdentity(pid);
}

function linuxIdentity(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name, in brackets, may hold anything; what follows are fields 3 and up, of which 22 is the start.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return `${boot}:${fields[19]}`;
  } catch {
    return null;
  }
}

function portableIdentity(pid: number): string | null {
  try {
    const environment = { ...process.env, LC_ALL: "C", TZ: "UTC" };
    return (
      execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { env: environment })
        .toString()
        .trim() || null
    );
  } catch {
    return null;
  }
}
