import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./workspace.mjs";

const LOCK = join(root, ".cache", "build.lock");

/**
 * Runs `work` while no other start, build or test of this checkout installs or builds: two at once would wipe
 * each other's files. A lock that a killed process left is taken over.
 */
export async function alone(work) {
  mkdirSync(dirname(LOCK), { recursive: true });
  for (let isTold = false; !take(); isTold = true) {
    if (!isTold)
      console.error("Another start, build or test of this checkout is installing or building. Waiting …");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => rmSync(LOCK, { force: true });
  process.once("exit", release);
  try {
    return await work();
  } finally {
    process.off("exit", release);
    release();
  }
}

function take() {
  try {
    writeFileSync(LOCK, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (!isHeld()) rmSync(LOCK, { force: true });
    return false;
  }
}

function isHeld() {
  try {
    const pid = Number(readFileSync(LOCK, "utf8"));
    // Between its making and its writing the file is empty; its owner is alive then.
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
}
