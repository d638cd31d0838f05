import { hostname } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { type Command, Option } from "commander";
import { createShipper } from "../../files/ship.ts";
import { LineAssembler } from "../../formats/lines/line-assembler.ts";
import type { RecordDefaults } from "../../formats/record-builder.ts";
import { childEnvironment, runChild } from "../child.ts";
import { type CommandContext, examples } from "../command.ts";
import type { ExitCode } from "../exit.ts";
import { programName } from "../program-name.ts";
import { thousands } from "../progress.ts";
import { addServerFlags, type ServerFlags, serverOf } from "../server-flags.ts";
import { createShipQueue, type ShipQueue } from "../ship-queue.ts";
import type { Terminal } from "../terminal.ts";
import { printableLine } from "../terminal-text.ts";

interface RunFlags extends ServerFlags {
  readonly service?: string;
}

/** Bytes of memory that records may take which wait for the server. */
const CAPACITY = 64 << 20;
/** Milliseconds without output after which a record is not waited for any longer to go on in a next line. */
const PAUSE = 200;
/** Milliseconds that the last records get at the end, when the server takes them and when it was away already. */
const LAST_CALL = 10_000;
const LAST_CALL_AWAY = 1_000;

export function define(command: Command, { terminal, finish }: CommandContext): void {
  command
    .usage("[flags] -- COMMAND [ARGUMENT…]")
    .argument("<command...>", "the program and its arguments")
    .passThroughOptions()
    .addOption(
      new Option("--service <NAME>", "whose records they are (default: OTEL_SERVICE_NAME, or the program)"),
    );
  addServerFlags(command);
  command.option("--no-color", "no colours in what Polylog itself says");
  command.addHelpText(
    "after",
    examples(
      [
        ["polylog run -- node server.js", "its output stays on the screen"],
        ["polylog run --service checkout -- ./checkout --port 80", "under a name of your choice"],
        ["polylog run -- sh -c 'make 2>&1 | grep -v note'", "a whole pipeline"],
      ],
      "Signals go to the program, and its exit code becomes the command's own. When the server is",
      "away, the program runs on unharmed: records wait in memory, and what is lost is counted.",
    ),
  );
  command.action(async (words: readonly string[], flags: RunFlags) => {
    finish(await run(words, flags, terminal));
  });
}

async function run(words: readonly string[], flags: RunFlags, terminal: Terminal): Promise<ExitCode> {
  const { dim, error: red } = terminal.noteColours;
  const stopping = new AbortController();
  let isAway = false;
  const shipper = createShipper({
    ...serverOf(flags, terminal),
    receiver: "run",
    // As long as the program runs, the server may come back.
    patience: Number.POSITIVE_INFINITY,
    signal: stopping.signal,
    onWaiting: (reason) => {
      if (!isAway)
        terminal.note(`${red("polylog:")} ${printableLine(reason)} The program runs on; its records wait.`);
      isAway = true;
    },
  });
  const queue = createShipQueue({
    send: async (records) => {
      await shipper.send(records);
      isAway = false;
    },
    capacity: CAPACITY,
    onFailure: (cause) => {
      if (stopping.signal.aborted) return;
      const reason = cause instanceof Error ? cause.message : String(cause);
      terminal.note(`${red("polylog:")} ${printableLine(reason)} The program runs on; its records are lost.`);
    },
  });

  const { service, runtime } = programName(words);
  const defaults: RecordDefaults = {
    service: flags.service ?? (terminal.environment.OTEL_SERVICE_NAME || service),
    host: hostname(),
    runtime,
    resource: ["process.command", words[0] ?? ""],
  };
  const streams = {
    stdout: shipping(queue, defaults, "stdout"),
    stderr: shipping(queue, defaults, "stderr"),
  };
  const { stdout, stderr } = process;
  terminal.whenUnread(() => {});
  const environment = childEnvironment(process.env, {
    isTTY: stdout.isTTY === true && stderr.isTTY === true,
    colourDepth: stdout.isTTY ? stdout.getColorDepth() : 1,
  });
  const code = await runChild(
    words,
    environment,
    { stdout: streams.stdout.push, stderr: streams.stderr.push },
    ({ code: reason, message }) => {
      const why =
        reason === "ENOENT"
          ? "there is no such program"
          : reason === "EACCES"
            ? "it may not be run"
            : message;
      terminal.note(`${red("polylog:")} ${printableLine(words[0] ?? "")} was not started: ${why}.`);
    },
  );
  streams.stdout.end();
  streams.stderr.end();

  await lastCall(queue, () => (isAway ? LAST_CALL_AWAY : LAST_CALL));
  stopping.abort();
  await queue.drained();
  const lost = queue.lost();
  if (lost > 0)
    terminal.note(
      dim(
        `polylog: ${thousands(lost)} ${lost === 1 ? "record" : "records"} lost: the server did not take them.`,
      ),
    );
  return code;
}

/** Waits until all is sent, or for as long as the limit is, which changes when the server goes away or comes. */
async function lastCall(queue: ShipQueue, limit: () => number): Promise<void> {
  const began = performance.now();
  const drained = queue.drained();
  while (queue.waiting() > 0 && performance.now() - began < limit()) {
    await Promise.race([drained, delay(50)]);
  }
}

/** Makes records of one stream's bytes and queues them. */
function shipping(queue: ShipQueue, defaults: RecordDefaults, stream: string) {
  const assembler = new LineAssembler({
    defaults: { ...defaults, attributes: ["log.iostream", stream] },
    now: () => BigInt(Date.now()) * 1_000_000n,
  });
  const flush = (): void => queue.push(assembler.flush(), 0);
  let timer: NodeJS.Timeout | undefined;
  return {
    push(chunk: Buffer): void {
      queue.push(assembler.push(chunk), chunk.length);
      clearTimeout(timer);
      if (assembler.hasPending) timer = setTimeout(flush, PAUSE);
    },
    end(): void {
      clearTimeout(timer);
      queue.push(assembler.end(), 0);
    },
  };
}
