import type { LogRecord } from "../../record/record.ts";
import { unwrapContainerLine } from "../container.ts";
import { FormatDetector } from "../detect.ts";
import { RecordBuilder, type RecordDefaults } from "../record-builder.ts";
import type { Clock } from "../time/clock.ts";
import { type TimeZone, timeZone } from "../time/zone.ts";
import { stripAnsi } from "./ansi.ts";
import { type JoinedRecord, Joiner } from "./joiner.ts";
import { LineSplitter, MAX_LINE_BYTES, type SplitLine } from "./line-splitter.ts";

export interface LineAssemblerOptions {
  /** What is known of every record. */
  readonly defaults?: RecordDefaults;
  /** The zone of times that name none; the machine's own by default. */
  readonly zone?: TimeZone;
  /** Nanoseconds since 1970. */
  readonly now: () => bigint;
  /**
   * Milliseconds since 1970 at about which the newest line was written, for files that are read later. Lines
   * without a time then have that of the line before them. Without it lines are read as they are written.
   */
  readonly writtenAt?: number;
  /** Whether one program writes it, so that a line without a format goes on with the record before it. */
  readonly isFile?: boolean;
  /** Where in the stream the first byte lies. */
  readonly position?: number;
}

/** Where a record's first line lies, and what its wrapping said. */
interface Origin {
  readonly start: number;
  readonly timestamp: bigint | undefined;
  readonly stream: string;
  readonly cutBytes: number;
}

/**
 * Makes records of a stream of bytes as it comes: lines, their format, continuation lines joined. Holds at
 * most one unfinished line and, for each stream in it, one record that may go on.
 *
 * @example
 * const assembler = new LineAssembler({ now: () => BigInt(Date.now()) * 1_000_000n });
 * assembler.push(Buffer.from("level=info msg=ready\nlevel=warn"));
 * assembler.end().length; // 2
 */
export class LineAssembler {
  readonly #splitter: LineSplitter;
  readonly #detector = new FormatDetector();
  readonly #builder: RecordBuilder;
  readonly #now: () => bigint;
  readonly #clock: Clock;
  readonly #isFile: boolean;
  readonly #writtenAt: number | undefined;
  /** By stream: the lines of stdout and stderr interleave in a container's file. */
  readonly #joiners = new Map<string, Joiner<Origin>>();
  /** What a container runtime has cut, by stream, until its end comes. */
  readonly #cutLines = new Map<string, { text: string; start: number }>();
  #records: LogRecord[] = [];
  #lastTime: bigint | undefined;
  /** Records given out whose lines showed their time. */
  timedRecords = 0;
  /** Where the last whole line ends. */
  #end: number;

  constructor(options: LineAssemblerOptions) {
    const { now, writtenAt, zone = timeZone("local") } = options;
    this.#now = now;
    this.#writtenAt = writtenAt;
    this.#isFile = options.isFile ?? false;
    this.#splitter = new LineSplitter(options.position);
    this.#end = options.position ?? 0;
    this.#builder = new RecordBuilder(options.defaults);
    this.#clock = {
      zone,
      get reference() {
        return writtenAt ?? Number(now() / 1_000_000n);
      },
    };
  }

  /** Takes bytes, and gives the records that are complete now. */
  push(chunk: Uint8Array): LogRecord[] {
    this.#splitter.push(chunk, this.#onLine);
    return this.#take();
  }

  /** Gives the records that are held back for a line that may go on with them: nothing has come for a while. */
  flush(): LogRecord[] {
    for (const joiner of this.#joiners.values()) joiner.flush();
    return this.#take();
  }

  /** Gives everything that is left: the stream has ended. */
  end(): LogRecord[] {
    this.#splitter.end(this.#onLine);
    for (const [stream, cut] of this.#cutLines) this.#join(stream, cut.text, this.#origin(cut.start, stream));
    this.#cutLines.clear();
    return this.flush();
  }

  /** True when a flush would give records. */
  get hasPending(): boolean {
    for (const joiner of this.#joiners.values()) if (joiner.pendingOrigin !== undefined) return true;
    return false;
  }

  /** How much of the stream has become records that were given out; from there it can be read again. */
  get consumed(): number {
    let consumed = this.#end;
    for (const joiner of this.#joiners.values()) {
      consumed = Math.min(consumed, joiner.pendingOrigin?.start ?? consumed);
    }
    for (const cut of this.#cutLines.values()) consumed = Math.min(consumed, cut.start);
    return consumed;
  }

  /** Bytes that were dropped from the ends of lines over {@link MAX_LINE_BYTES}. */
  get droppedBytes(): number {
    return this.#splitter.droppedBytes;
  }

  /** The name of the format that most lines have had, and their share. */
  get format(): { readonly name: string; readonly share: number } {
    const { format, share } = this.#detector.majority();
    return { name: format?.name ?? "plain", share };
  }

  readonly #onLine = (line: SplitLine): void => {
    const start = this.#end;
    this.#end = line.end;
    const inner = unwrapContainerLine(line.text, this.#clock);
    if (inner === undefined) {
      this.#join("", line.text, { start, timestamp: undefined, stream: "", cutBytes: line.cutBytes });
      return;
    }
    const before = this.#cutLines.get(inner.stream);
    const text = (before?.text ?? "") + inner.text;
    const from = before?.start ?? start;
    if (!inner.isWhole && text.length < MAX_LINE_BYTES) {
      this.#cutLines.set(inner.stream, { text, start: from });
      return;
    }
    this.#cutLines.delete(inner.stream);
    this.#join(inner.stream, text, this.#origin(from, inner.stream, inner.timestamp));
  };

  #origin(start: number, stream: string, timestamp?: bigint): Origin {
    return { start, timestamp, stream, cutBytes: 0 };
  }

  #join(stream: string, text: string, origin: Origin): void {
    let joiner = this.#joiners.get(stream);
    if (joiner === undefined) {
      joiner = new Joiner<Origin>(this.#detector, this.#isFile, this.#onRecord);
      this.#joiners.set(stream, joiner);
    }
    joiner.push(stripAnsi(text), this.#clock, origin);
  }

  readonly #onRecord = ({ draft, origin }: JoinedRecord<Origin>): void => {
    const observed = this.#now();
    if (origin.stream !== "") draft.attributes.push("log.iostream", origin.stream);
    if (origin.cutBytes > 0) draft.attributes.push("polylog.truncated_bytes", String(origin.cutBytes));
    if (draft.timestamp !== undefined) {
      this.#lastTime = draft.timestamp;
      this.timedRecords++;
    } else if (origin.timestamp !== undefined) this.timedRecords++;
    this.#records.push(this.#builder.build(draft, this.#timeOf(origin, observed), observed));
  };

  #timeOf(origin: Origin, observed: bigint): bigint {
    if (origin.timestamp !== undefined) return origin.timestamp;
    if (this.#writtenAt === undefined) return observed;
    return this.#lastTime ?? BigInt(Math.floor(this.#writtenAt)) * 1_000_000n;
  }

  #take(): LogRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }
}
