import { readdirSync, readFileSync } from "node:fs";
import { setPriority } from "node:os";

/** What the engine calls the threads that merge parts. */
const MERGE_THREAD = "MergeMutate";
/** From -20, the first served, to 19. */
const NICE = 10;

/**
 * Makes merges take what nobody else wants: records that come in and people who ask go first. The engine has a setting
 * for this (`os_threads_nice_value_merge_mutate`), which has no effect in the form in which npm delivers it.
 *
 * Linux only, where a thread has a priority of its own; elsewhere, and where it isn't allowed, nothing changes.
 *
 * @param pid the engine's process
 * @returns how many threads it was done for
 */
export function lowerMergePriority(pid: number): number {
  const tasks = `/proc/${pid}/task`;
  try {
    const threads = readdirSync(tasks).filter((thread) => nameOf(`${tasks}/${thread}`) === MERGE_THREAD);
    for (const thread of threads) setPriority(Number(thread), NICE);
    return threads.length;
  } catch {
    return 0;
  }
}

function nameOf(task: string): string {
  try {
    return readFileSync(`${task}/comm`, "utf8").trim();
  } catch {
    // A thread that has ended meanwhile.
    return "";
  }
}
