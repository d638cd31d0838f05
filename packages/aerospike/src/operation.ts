import type { Operation, OperationFactories } from "./client.ts";

/** What a command works on; namespace and set are told where all of it has the same. */
interface Target {
  readonly namespace: string | undefined;
  readonly set: string | undefined;
  /** How many keys a batch has. */
  readonly batchSize: number | undefined;
}

/** What one class of commands does: how it is called, and where in its arguments its target is. */
export interface Kind {
  /** Such as `PUT`. */
  readonly operation: string;
  targetOf(args: readonly unknown[]): Target;
  /** True for `operate`: see {@link createStepNames}. */
  readonly hasSteps: boolean;
}

interface Key {
  readonly ns?: unknown;
  readonly set?: unknown;
}

/** What works on this process rather than on the database. */
const LOCAL = new Set(["connect", "enableMetrics", "disableMetrics"]);

/** Where the name isn't that of the native function. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["batchWrite", "BATCH_OPERATE"],
  ["queryForeach", "QUERY"],
  ["queryPages", "QUERY"],
  ["scanPages", "SCAN"],
  ["infoAny", "INFO"],
  ["infoForeach", "INFO"],
  ["infoHost", "INFO"],
  ["infoNode", "INFO"],
]);

const NOWHERE: Target = { namespace: undefined, set: undefined, batchSize: undefined };

/**
 * What the native function of this name does; `undefined` when it asks nothing of the database. One that isn't known yet is
 * named by its own name.
 *
 * @example
 * kindOf("putAsync")?.operation; // "PUT"
 * kindOf("udfRegister")?.operation; // "UDF_REGISTER"
 */
export function kindOf(native: string): Kind | undefined {
  if (LOCAL.has(native)) return undefined;
  return {
    operation: NAMES.get(native) ?? upperSnake(native.replace(/Async$/, "")),
    targetOf: targetReader(native),
    hasSteps: native === "operateAsync",
  };
}

function upperSnake(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toUpperCase();
}

function targetReader(native: string): Kind["targetOf"] {
  if (native.startsWith("batch")) return ofKeys;
  if (/^(?:query|scan)(?:Async|Pages|Foreach|Apply|Background)$/.test(native)) return ofNames;
  if (native === "truncate" || native === "indexCreate") return ofNames;
  if (native === "indexRemove") return ofNamespace;
  if (native === "setXDRFilter") return ofDataCenter;
  return native.endsWith("Async") ? ofKey : ofNothing;
}

/** `[key, …]` */
function ofKey([key]: readonly unknown[]): Target {
  const { ns, set } = (key ?? NOWHERE) as Key;
  return { namespace: textOf(ns), set: textOf(set), batchSize: undefined };
}

/** `[namespace, set, …]` */
function ofNames([namespace, set]: readonly unknown[]): Target {
  return { namespace: textOf(namespace), set: textOf(set), batchSize: undefined };
}

/** `[namespace, …]` */
function ofNamespace([namespace]: readonly unknown[]): Target {
  return { namespace: textOf(namespace), set: undefined, batchSize: undefined };
}

/** `[filter, data centre, namespace, …]` */
function ofDataCenter([, , namespace]: readonly unknown[]): Target {
  return { namespace: textOf(namespace), set: undefined, batchSize: undefined };
}

function ofNothing(): Target {
  return NOWHERE;
}

/** `[keys, …]` or `[records, …]`; a record has its key in `key`. */
function ofKeys([keys]: readonly unknown[]): Target {
  if (!Array.isArray(keys)) return NOWHERE;
  const first = keyOf(keys[0]);
  let namespace = textOf(first?.ns);
  let set = textOf(first?.set);
  for (let i = 1; i < keys.length && namespace !== undefined; i++) {
    const key = keyOf(keys[i]);
    if (key?.ns !== namespace) namespace = set = undefined;
    else if (key.set !== set) set = undefined;
  }
  return { namespace, set, batchSize: keys.length };
}

function keyOf(entry: { readonly key?: unknown; readonly ns?: unknown } | undefined | null): Key | undefined {
  // A key has a member `key` too, but that is its value.
  return typeof entry?.ns === "string" ? entry : ((entry?.key ?? undefined) as Key | undefined);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * Names what `operate` does by its steps, where all are of one kind that has a name of its own: to append, prepend, increment
 * or touch is nothing else in this client. The codes of the steps are the native addon's, and differ between releases.
 *
 * @returns a better name than OPERATE, or `undefined`
 */
export function createStepNames(
  factories: OperationFactories,
): (args: readonly unknown[]) => string | undefined {
  const names = new Map([
    [factories.append("", "").op, "APPEND"],
    [factories.prepend("", "").op, "PREPEND"],
    [factories.incr("", 0).op, "INCREMENT"],
    [factories.touch().op, "TOUCH"],
  ]);
  return ([, steps]) => {
    if (!Array.isArray(steps)) return undefined;
    const code = (steps[0] as Operation | undefined)?.op;
    for (let i = 1; i < steps.length; i++) {
      if ((steps[i] as Operation | undefined)?.op !== code) return undefined;
    }
    return code === undefined ? undefined : names.get(code);
  };
}
