import { PolylogError } from "../errors.ts";

/** What an addon that is built with the crate `polylog`, or with `polylog.h`, hands out. */
export interface NativeAddon {
  /** Of the format that batches are in. */
  readonly version: number;
  /**
   * Of the format of spans in it. Addons from before there were spans have none; the SDK asks for spans by the numbers that
   * `capture` answers, and one from before that never does.
   */
  readonly spanVersion?: number;
  /** Bytes that `take` wants room for. */
  readonly batchBytes: number;
  /**
   * Asks for records from now on.
   *
   * @param wake called on this thread when there are some; not again until `take` has found nothing
   * @param drain called when records must be taken before anything else happens
   * @param capture called for the number of the context that is active; 0 for none. Above its 32 bits, and only for addons with
   *   {@link spanVersion}: a number that is not 0 where spans are wanted, and the same for the same span
   * @param batch what `take` will be given; its fifth word tells how many records of the batch were handed over
   */
  connect(
    wake: () => void,
    drain: () => void,
    capture: () => number,
    isMain: boolean,
    batch: Uint8Array,
  ): void;
  /** Writes the next batch, and answers its length in bytes. Asking for the next says that the last was delivered. */
  take(batch: Uint8Array): number;
  /** Has `wake` called in the next turn of the event loop. */
  wakeAgain(): void;
  /** Has `wake` called when there is a whole batch, and not before: whoever calls this takes what there is soon. */
  rest(): void;
  /**
   * Directives that hold from now on.
   *
   * @param areLinesWanted whether records are to have the rest of their text line as well
   */
  setFilter(directives: string, areLinesWanted: boolean): void;
  /** Records that were made: each is delivered, or counted by `dropped`. */
  sent(): number;
  dropped(): number;
  /** Spans that were lost, of those that have them. */
  droppedSpans?(): number;
}

/** Under which an addon's exports have it. */
const MEMBER = Symbol.for("polylog.v1.addon");

/** The format that is understood here; `crates/polylog/src/encoder.rs` says it too. */
const VERSION = 3;
/** The format of spans in it. */
const SPAN_VERSION = 1;

/** True when an addon's spans can be read. */
export function hasSpans(addon: NativeAddon): boolean {
  return addon.spanVersion === SPAN_VERSION;
}

/**
 * @param given an addon's exports, or what they have under `Symbol.for("polylog.v1.addon")`
 * @throws PolylogError `POLYLOG_E_NATIVE` when it isn't built with Polylog, or with one that isn't understood here
 */
export function nativeAddonOf(given: unknown): NativeAddon {
  const holder = (given ?? {}) as Partial<NativeAddon> & { readonly [MEMBER]?: Partial<NativeAddon> };
  const addon = holder[MEMBER] ?? holder;
  if (typeof addon.connect !== "function" || typeof addon.take !== "function") {
    throw new PolylogError("POLYLOG_E_NATIVE", "connectNative: this is no addon that logs by Polylog", {
      remedy: "Give the exports of one that is built with the crate polylog or with polylog.h.",
    });
  }
  if (addon.version !== VERSION) {
    const message = `connectNative: the addon writes format ${addon.version}, and ${VERSION} is read here`;
    throw new PolylogError("POLYLOG_E_NATIVE", message, {
      remedy: "Take the same version of the npm package and of the crate.",
    });
  }
  return addon as NativeAddon;
}
