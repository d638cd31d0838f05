import { builtin } from "../../builtin.ts";
import { messageOf } from "../../format/error.ts";
import type { Answer, PostRequest } from "./post.ts";

/**
 * Runs in a process of its own: a process that is about to end can't wait for an answer, but it can wait for a child.
 * Requests come on standard input, so that no key stands in a command line; answers go out one a line, so that
 * those that came before the time was up are known.
 */
const CHILD = `
import { text } from "node:stream/consumers";
const requests = JSON.parse(await text(process.stdin)).entries();
async function lane() {
  for (const [at, { url, ...request }] of requests) {
    let answer;
    try {
      const response = await fetch(url, request);
      answer = { status: response.status, body: (await response.text()).slice(0, 65536) };
    } catch ({ message, cause }) {
      answer = { status: 0, body: cause?.message || cause?.code || message };
    }
    console.log(JSON.stringify({ at, ...answer }));
  }
}
await Promise.all(Array.from({ length: 8 }, lane));
`;

const NO_ANSWER: Answer = { status: 0, body: "no answer before the process ended" };

/**
 * Sends requests and waits for all answers without giving way: for the very end of a process.
 *
 * @param timeout milliseconds for all of them together; 0 doesn't try
 * @returns an answer for each request; a status of 0 where none came
 */
export function postAtExit(requests: readonly PostRequest[], timeout: number): Answer[] {
  const answers: Answer[] = requests.map(() => NO_ANSWER);
  const children = builtin("node:child_process");
  // In a packaged application the executable is the application, and would start a second time.
  if (timeout <= 0 || children === undefined || !/[/\\]node(?:\.exe)?$/.test(process.execPath))
    return answers;
  try {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const { stdout } = children.spawnSync(process.execPath, ["--input-type=module", "-e", CHILD], {
      input: JSON.stringify(requests.map((request) => ({ ...request, method: "POST", redirect: "manual" }))),
      encoding: "utf8",
      stdio: ["pipe", "pipe", "ignore"],
      // Whole milliseconds only; 0 would be no limit.
      timeout: Math.ceil(timeout),
      maxBuffer: Number.POSITIVE_INFINITY,
      windowsHide: true,
      env,
    });
    // What stands behind the last line break was cut off with the child.
    for (const line of (stdout ?? "").split("\n").slice(0, -1)) {
      const { at, ...answer } = JSON.parse(line) as Answer & { readonly at: number };
      answers[at] = answer;
    }
    return answers;
  } catch (error) {
    // Where children are forbidden, as by Node's permission model: what no answer came for is lost, and counted as that.
    const body = `no process can be started at the end: ${messageOf(error)}`;
    return requests.map(() => ({ status: 0, body }));
  }
}
