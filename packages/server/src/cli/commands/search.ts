import { type Command, InvalidArgumentError, Option } from "commander";
import type { SearchResponse } from "../../contract/api.ts";
import type { LogRow } from "../../contract/rows.ts";
import { PolylogError } from "../../errors.ts";
import { asking } from "../asking.ts";
import type { Client } from "../client.ts";
import { type CommandContext, examples } from "../command.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { queryOf } from "../negation.ts";
import { explainNothing } from "../nothing-found.ts";
import { thousands } from "../progress.ts";
import { addOutputFlags, isUtc, type OutputFlags, recordFormatter, tableLines } from "../record-output.ts";
import { addServerFlags, clientOf, type ServerFlags } from "../server-flags.ts";
import type { Terminal } from "../terminal.ts";
import { localZone, utc } from "../unified-line.ts";
import { type Window, type WindowFlags, windowOf } from "../window.ts";

interface SearchFlags extends ServerFlags, OutputFlags, WindowFlags {
  readonly limit: number;
  readonly order?: "asc" | "desc";
  readonly allNodes?: true;
}

/** Rows asked for at once: the API's own limit is 10,000. */
const PAGE = 5_000;
const MAX_LIMIT = 1_000_000;

export function define(command: Command, { terminal, finish }: CommandContext): void {
  command
    .usage("[flags] [QUERY…]")
    .argument("[query...]", "what to look for; everything when left out")
    .addOption(new Option("--since <TIME>", "how far back, such as 15m, 2h, 7d or yesterday (default 15m)"))
    .addOption(new Option("--from <TIME>", "begin here, such as 2026-11-20T14:00:00Z, 14:00 or 2h"))
    .addOption(new Option("--to <TIME>", "end before here"))
    .addOption(new Option("-n, --limit <COUNT>", "at most so many records").argParser(countOf).default(100))
    .addOption(
      new Option(
        "--order <ORDER>",
        "desc: newest first, asc: the oldest there are (default: newest last)",
      ).choices(["asc", "desc"]),
    )
    .addOption(
      new Option(
        "--all-nodes",
        "fail while a node of a cluster is away, rather than print what the others have",
      ),
    );
  addOutputFlags(command);
  addServerFlags(command);
  command.addHelpText(
    "after",
    examples(
      [
        ["polylog search level:error --since 1h", "the errors of the last hour"],
        ["polylog search 'service:checkout \"card declined\"'", "a phrase in one service"],
        ["polylog search 'duration_ms:>500' -path:/health", "compare, exclude"],
        ["polylog search timeout --json | jq .attributes", "for programs"],
        ["polylog search --columns time,service,message", "a table"],
      ],
      "Exit codes: 0 found, 1 nothing found, 2 wrong use, 3 server not reached.",
    ),
  );
  command.action(async (words: readonly string[], flags: SearchFlags) => {
    finish(await search(queryOf(words), flags, terminal));
  });
}

function countOf(text: string): number {
  const count = /^\d{1,7}$/.test(text.replaceAll(/[_,]/g, "")) ? Number(text.replaceAll(/[_,]/g, "")) : 0;
  if (count >= 1 && count <= MAX_LIMIT) return count;
  throw new InvalidArgumentError(`It has to be a number from 1 to ${thousands(MAX_LIMIT)}.`);
}

async function search(query: string, flags: SearchFlags, terminal: Terminal): Promise<ExitCode> {
  const window = windowOf(flags, Date.now(), isUtc(flags, terminal) ? "utc" : "local");
  const client = clientOf(flags, terminal);
  return asking(query, terminal, async (signal) => {
    const found = await printRecords(client, query, window, flags, terminal, signal);
    if (found > 0) return EXIT.done;
    // A script has its exit code; a person wants to know why.
    terminal.note(
      terminal.isWatched
        ? await explainNothing(client, query, window, signal)
        : `Nothing found ${window.words}.`,
    );
    return EXIT.nothing;
  });
}

/** Prints what is found and returns how many records that were. */
async function printRecords(
  client: Client,
  query: string,
  window: Window,
  flags: SearchFlags,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const zone = isUtc(flags, terminal) ? utc : localZone;
  const format = recordFormatter(flags, terminal);
  const print = (rows: readonly LogRow[]): void => {
    if (rows.length === 0) return;
    const asTable = flags.columns && terminal.width() !== undefined;
    terminal.print(
      (asTable ? tableLines(rows, flags.columns ?? [], terminal, zone) : rows.map(format)).join("\n"),
    );
  };

  // A table is aligned over all of its rows, and the newest come last only when all are there.
  const isHeld = flags.order === undefined || flags.columns !== undefined;
  const held: LogRow[] = [];
  let found = 0;
  let isPartial = false;
  const nodesAway = new Set<string>();
  let cursor: string | undefined;
  do {
    const answer = asSearchResponse(
      await client.get(
        "/logs",
        {
          query,
          from: window.from,
          to: window.to,
          limit: Math.min(PAGE, flags.limit - found),
          order: flags.order ?? "desc",
          cursor,
          nodes: flags.allNodes ? "all" : undefined,
        },
        signal,
      ),
    );
    found += answer.rows.length;
    isPartial ||= answer.partial;
    for (const node of answer.statistics?.nodesAway ?? []) nodesAway.add(node);
    cursor = answer.rows.length === 0 ? undefined : (answer.nextCursor ?? undefined);
    if (isHeld) for (const row of answer.rows) held.push(row);
    else print(answer.rows);
  } while (cursor !== undefined && found < flags.limit);
  print(flags.order === undefined ? held.reverse() : held);

  const { dim } = terminal.noteColours;
  if (nodesAway.size > 0) {
    const who =
      nodesAway.size === 1 ? "A node of the cluster is" : `${nodesAway.size} nodes of the cluster are`;
    terminal.note(`${who} away, and what is there is missing here: ${[...nodesAway].join(", ")}`);
  }
  if (isPartial && nodesAway.size === 0)
    terminal.note(dim("The search came to a limit of the server before its end: there may be more."));
  else if (cursor !== undefined) {
    const which = flags.order === "asc" ? "oldest" : "newest";
    const more = Math.min(MAX_LIMIT, flags.limit * 10);
    terminal.note(
      dim(`These are the ${which} ${thousands(found)}; there are more. --limit ${more} shows more.`),
    );
  }
  return found;
}

function asSearchResponse(answer: unknown): SearchResponse {
  if (typeof answer === "object" && answer !== null && "rows" in answer && Array.isArray(answer.rows)) {
    return answer as SearchResponse;
  }
  throw new PolylogError("POLYLOG_E_SERVER_AWAY", "The server's answer is not that of a search.", {
    remedy: "See whether --server or POLYLOG_SERVER names the right address.",
  });
}
