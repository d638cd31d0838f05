import { messageOf } from "../../format/error.ts";
import { retryAfter } from "./backoff.ts";
import type { Answer, PostRequest } from "./post.ts";

/**
 * Runs in a process of its own: a process that is about to end can't wait for an answer, but it can wait for a child.
 * Requests come on standard input, so that no key stands in a command line; answers go out one a line, so that
 * those that came before the time was up are known.
 */
const CHILD = `
let input = "";
process.stdin.setEncoding("utf8");
for await (const chunk of process.stdin) input += chunk;
const requests = JSON.parse(input).entries();
async function lane() {
  for (const [at, { url, headers, body }] of requests) {
    let answer;
    try {
      const response = await fetch(url, { method: "POST", headers, body, redirect: "manual" });
      answer = { status: response.status, retryAfter: response.headers.get("retry-after"), body: (await response.text()).slice(0, 65536) };
    } catch (error) {
      answer = { status: 0, retryAfter: null, body: String(error.cause?.message || error.cause?.code || error.message) };
    }
    process.stdout.write(JSON.stringify({ at, ...answer }) + "\\n");
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
  // Asked for, not imported: a bundle for browsers must not name it. Node has it from 20.16 and 22.3 on.
  const children = globalThis.process?.getBuiltinModule?.("node:child_process");
  // In a packaged application the executable is the application, and would start a second time.
  if (timeout <= 0 || children === undefined || !/[/\\]node(?:\.exe)?$/.test(process.execPath))
    return answers;
  try {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const { stdout } = children.spawnSync(process.execPath, ["--input-type=module", "-e", CHILD], {
      input: JSON.stringify(requests),
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
      const { at, ...answer } = JSON.parse(line) as Omit<Answer, "retryAfter"> & ChildAnswer;
      answers[at] = { ...answer, retryAfter: retryAfter(answer.retryAfter, Date.now()) };
    }
    return answers;
  } catch (error) {
    // Where children are forbidden, as by Node's permission model: what no answer came for is lost, and counted as that.
    const body = `no process can be started at the end: ${messageOf(error)}`;
    return requests.map(() => ({ status: 0, body }));
  }
}

interface ChildAnswer {
  /** Of which request. */
  readonly at: number;
  readonly retryAfter: string | null;
}
