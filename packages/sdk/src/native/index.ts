import { polylog as ours } from "../api.ts";
import { messageOf } from "../format/error.ts";
import { addonHub } from "../host/addons.ts";
import type { Polylog } from "../polylog.ts";
import { type NativeAddon, nativeAddonOf } from "./addon.ts";
import { connectAddon } from "./connection.ts";

export type { NativeAddon } from "./addon.ts";
export type { CapturedContext, NativeInlet, NativeLogger } from "./inlet.ts";
export type { NativeSpan, SpanKind, SpanStatus, SpanTime } from "./native-span.ts";
export { connectSource, type NativeSource } from "./source.ts";
export { type SpanTaker, takeNativeSpans } from "./span-taker.ts";

export interface ConnectOptions {
  /** Where records go. @defaultValue the one of this process */
  readonly polylog?: Polylog | undefined;
}

/** Where those that are connected are kept: the ECMAScript module and its CommonJS twin share them. */
const PLACE = Symbol.for("polylog.v1.native.connected");

/** Where `api.ts` keeps the one of this process. */
const HERE = Symbol.for("polylog.v1");

const shared = globalThis as { [PLACE]?: WeakSet<NativeAddon> };
shared[PLACE] ??= new WeakSet();
const connected = shared[PLACE];

/**
 * Takes in what a native addon logs. Addons that are built with Polylog are found by themselves; this is for those that can't
 * be, such as where tests run in a realm of their own. A second call for the same addon does nothing.
 *
 * @param addon its exports
 * @throws PolylogError `POLYLOG_E_NATIVE` when it doesn't log by Polylog
 * @example
 * connectNative(require("./my-core.node"));
 */
export function connectNative(addon: unknown, { polylog = polylogHere() }: ConnectOptions = {}): void {
  const native = nativeAddonOf(addon);
  if (connected.has(native)) return;
  connected.add(native);
  connectAddon(native, polylog);
}

/** The module that makes it may be what has loaded this one, and not be through yet. */
function polylogHere(): Polylog {
  return (globalThis as { [HERE]?: Polylog })[HERE] ?? ours;
}

/** An addon that came by itself: one that isn't understood is told of, and takes neither the program nor others down. */
function adopt(addon: unknown): void {
  const polylog = polylogHere();
  try {
    connectNative(addon, { polylog });
  } catch (error) {
    polylog.problems.tell("POLYLOG_E_NATIVE", "addon", messageOf(error));
  }
}

// From here on addons are taken directly, and those that wait now.
const hub = addonHub();
hub.connect = adopt;
for (const addon of hub.waiting.splice(0)) adopt(addon);
