import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Libraries that hand each record of Rust to Python's `logging` by a call of its own. What they need is had at the first run. */

const HERE = fileURLToPath(new URL(".", import.meta.url));
const CACHE = fileURLToPath(new URL("../../.cache/", import.meta.url));
const PROGRAM = join(HERE, "forwarding.py");
const PYTHON = process.env.POLYLOG_PYTHON ?? "python3";
const AEROSPIKE = "aerospike-py==0.14.4";

/**
 * @returns what each takes: how to measure the CPU of a record, or why it can't be measured here
 */
export function forwarders() {
  return [
    ["pyo3-log", pyo3Log],
    ["aerospike-py", aerospikePy],
  ].map(([name, prepare]) => {
    const { environment, folder = [], reason } = prepare();
    return {
      name,
      reason,
      measure: (records) => nanoseconds([name, String(records), ...folder], environment),
    };
  });
}

function nanoseconds(task, environment) {
  const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1", ...environment };
  const output = execFileSync(PYTHON, [PROGRAM, ...task], { encoding: "utf8", env });
  const { ns, taken } = JSON.parse(output);
  if (taken !== Number(task[1])) throw new Error(`${task[0]}: of ${task[1]} records ${taken} came through`);
  return ns;
}

/** A Python module of its own, built with the newest pyo3 that pyo3-log takes. */
function pyo3Log() {
  const target = join(CACHE, "pyo3-log");
  const flags = ["build", "--release", "--locked", "--quiet", "--target-dir", target];
  const failed = failureOf("cargo", flags, {
    cwd: join(HERE, "pyo3-log"),
    env: { ...process.env, PYO3_PYTHON: PYTHON },
  });
  if (failed !== undefined) return { reason: failed };
  const made = ["libpolylog_bench_pyo3_log.so", "libpolylog_bench_pyo3_log.dylib"];
  const library = made.map((file) => join(target, "release", file)).find((file) => existsSync(file));
  if (library === undefined) return { reason: `cargo has made none of ${made.join(", ")}` };
  copyFileSync(library, join(target, "polylog_bench_pyo3_log.so"));
  return { folder: [target] };
}

/** From PyPI, apart from the packages of this Python. */
function aerospikePy() {
  const target = join(CACHE, AEROSPIKE);
  if (!existsSync(target)) {
    mkdirSync(CACHE, { recursive: true });
    const flags = ["-m", "pip", "install", "--quiet", "--no-deps", "--only-binary=:all:", "--target", target];
    const failed = failureOf(PYTHON, [...flags, AEROSPIKE], {});
    if (failed !== undefined) return { reason: failed };
  }
  return { environment: { PYTHONPATH: target } };
}

/** Why a command failed, in its own words; `undefined` when it didn't. */
function failureOf(command, flags, options) {
  const { error, status, stderr } = spawnSync(command, flags, { encoding: "utf8", ...options });
  if (error !== undefined) return `${command} could not be started: ${error.message}`;
  return status === 0 ? undefined : `${command} ${flags[0]} failed: ${stderr.trim().split("\n").at(-1)}`;
}
