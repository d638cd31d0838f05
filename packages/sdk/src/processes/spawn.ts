import type { ChildProcess, ForkOptions, SpawnOptions, StdioOptions } from "node:child_process";
import * as childProcess from "node:child_process";
import type { Socket } from "node:net";
import { basename } from "node:path";
import type { Readable } from "node:stream";
import { polylog as ours } from "../api.ts";
import type { System } from "../logger/record.ts";
import type { Polylog } from "../polylog.ts";
import { childVariables } from "./child-environment.ts";
import { tellEnd } from "./end.ts";
import { receiveRecords } from "./receive.ts";

/** What is logged of a child, beside its own records. */
export interface ChildOptions {
  /** Logger of what the child prints, and of its end. @defaultValue the name of its program */
  readonly logger?: string | undefined;
  /**
   * Streams whose lines are logged, `stdout` at info and `stderr` at warn. @defaultValue both; none where `stdio`
   * says what they are for
   */
  readonly lines?: readonly ("stdout" | "stderr")[] | undefined;
  readonly polylog?: Polylog | undefined;
}

type Stdio = Exclude<StdioOptions, string>;

/**
 * As `spawn` of `node:child_process`, with a way for the child's records. A child with Polylog in it, in Node or Python, hands
 * them over by itself; any other can write JSON lines to the descriptor that `POLYLOG_FD` names, or just print. It carries on
 * the context that is active here, its trace, and the levels. A crash of the child is logged.
 *
 * @example
 * const worker = spawn("python3", ["worker.py"], { lines: ["stderr"] });
 */
export function spawn(
  command: string,
  args: readonly string[] = [],
  options: SpawnOptions & ChildOptions = {},
): ChildProcess {
  const { logger = basename(command), lines, polylog, ...own } = options;
  const link = linkTo(own, ["pipe", "pipe", "pipe"], polylog);
  const child = childProcess.spawn(command, args, { ...own, ...link.options });
  const isOpen = own.stdio === undefined;
  follow(
    child,
    link.descriptor,
    { logger, lines: lines ?? (isOpen ? ["stdout", "stderr"] : []), polylog },
    command,
  );
  return child;
}

/**
 * As `fork` of `node:child_process`, with a way for the child's records; see {@link spawn}.
 *
 * @example
 * const child = fork("worker.js");
 */
export function fork(
  modulePath: string | URL,
  args: readonly string[] = [],
  options: ForkOptions & ChildOptions = {},
): ChildProcess {
  const { logger = basename(String(modulePath)), lines = [], polylog, ...own } = options;
  const stream = own.silent ? "pipe" : "inherit";
  const link = linkTo(own, [stream, stream, stream, "ipc"], polylog);
  const child = childProcess.fork(modulePath, args, { ...own, ...link.options });
  follow(child, link.descriptor, { logger, lines, polylog }, "node");
  return child;
}

/** Options with one more pipe, and the variables that tell the child of it. */
function linkTo(
  { stdio, env }: { readonly stdio?: StdioOptions | undefined; readonly env?: NodeJS.ProcessEnv | undefined },
  byDefault: Stdio,
  polylog: Polylog | undefined,
) {
  const given: Stdio = typeof stdio === "string" ? [stdio, stdio, stdio] : (stdio ?? byDefault);
  const full: Stdio = Array.from({ length: Math.max(3, given.length) }, (_, at) => given[at] ?? "pipe");
  return {
    descriptor: full.length,
    options: {
      stdio: [...full, "pipe"] satisfies Stdio,
      env: { ...environmentOf(env, childVariables(polylog)), POLYLOG_FD: String(full.length) },
    },
  };
}

/** Ours win over what is handed on unchanged from this process, not over what the caller says on purpose. */
function environmentOf(env: NodeJS.ProcessEnv | undefined, ours: Record<string, string>): NodeJS.ProcessEnv {
  if (env === undefined) return { ...process.env, ...ours };
  const wanted = Object.entries(ours).filter(
    ([name]) => env[name] === undefined || env[name] === process.env[name],
  );
  return { ...env, ...Object.fromEntries(wanted) };
}

function follow(
  child: ChildProcess,
  descriptor: number,
  { logger, lines, polylog = ours }: ChildOptions & { readonly logger: string },
  program: string,
): void {
  const system: System = /^python/.test(basename(program)) ? "python" : "node";
  const pipe = child.stdio[descriptor] as Socket | null | undefined;
  // Without a pipe, the child could not be started: it raises `error`.
  if (pipe === null || pipe === undefined) return;
  void receiveRecords(pipe, { logger, system, polylog });
  for (const name of lines ?? []) {
    const stream: Readable | null = child[name];
    if (stream === null) continue;
    void receiveRecords(stream, { logger, system, polylog, level: name === "stdout" ? "info" : "warn" });
  }
  let isTold = false;
  const tell = (code: number | null, signal: NodeJS.Signals | null): void => {
    if (!isTold) tellEnd(child, { logger, system, polylog }, code, signal);
    isTold = true;
  };
  // The child holds the process, as ever; the pipe does so only while there may be something left in it.
  pipe.unref();
  child.once("exit", (code, signal) => {
    pipe.ref();
    onQuiet(pipe, () => {
      pipe.unref();
      // Whom the child has started may hold the pipe for as long as it likes: no `close` may come before this process ends.
      tell(code, signal);
    });
  });
  child.once("close", tell);
}

/** Turns of the event loop in which nothing came, until what was written before is taken for read. */
const QUIET_TURNS = 2;

/** Calls back when nothing lies ready to be read any more, though the other end may be open. Not when it is closed. */
function onQuiet(pipe: Socket, then: () => void): void {
  let before = pipe.bytesRead;
  let quiet = 0;
  const look = (): void => {
    if (pipe.destroyed || pipe.readableEnded) return;
    quiet = pipe.bytesRead === before ? quiet + 1 : 0;
    before = pipe.bytesRead;
    if (quiet > QUIET_TURNS) then();
    else setImmediate(look);
  };
  setImmediate(look);
}
