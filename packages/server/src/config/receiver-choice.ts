import { nearest } from "../nearest.ts";

/** The receivers that don't share the port of HTTP, with the ports that their senders expect. */
const RECEIVER_PORTS = {
  syslog: 514,
  "syslog-tls": 6514,
  gelf: 12_201,
  lumberjack: 5044,
  forward: 24_224,
  scribe: 1463,
} as const;
export type ReceiverName = keyof typeof RECEIVER_PORTS;

export const RECEIVER_NAMES = Object.keys(RECEIVER_PORTS) as readonly ReceiverName[];

/** Names under which people look for a receiver. */
const OTHER_NAMES: ReadonlyMap<string, ReceiverName> = new Map([
  ["beats", "lumberjack"],
  ["logstash", "lumberjack"],
  ["filebeat", "lumberjack"],
  ["graylog", "gelf"],
  ["fluent", "forward"],
  ["fluentd", "forward"],
  ["fluentbit", "forward"],
  ["fluent-bit", "forward"],
  ["thrift", "scribe"],
  ["papertrail", "syslog"],
]);

/** A receiver that is to listen. */
export interface ReceiverChoice {
  readonly name: ReceiverName;
  /** 0 for any free one. */
  readonly port: number;
  /** False when it was only meant by `all`. */
  readonly isNamed: boolean;
}

/** The choice that the items of a list make, or what is wrong with one of them. */
export type ReadChoice =
  | { readonly choices: readonly ReceiverChoice[] }
  | { readonly wrong: string; readonly expected: string };

const ITEM = /^([A-Za-z-]{1,32})(?::(\d{1,5}))?$/;

/**
 * Reads `syslog`, `gelf:12202`, `all`, `none`: a later item changes what an earlier one said, so that
 * `all,syslog:5514` is all of them with one port changed.
 *
 * @example
 * readReceivers(["gelf:0"]); // { choices: [{ name: "gelf", port: 0, isNamed: true }] }
 */
export function readReceivers(items: readonly string[]): ReadChoice {
  const choices = new Map<ReceiverName, ReceiverChoice>();
  for (const item of items) {
    const [, word = "", digits] = ITEM.exec(item) ?? [];
    const name = word.toLowerCase();
    if (name === "none" && digits === undefined) choices.clear();
    else if (name === "all" && digits === undefined) {
      for (const each of RECEIVER_NAMES)
        choices.set(each, { name: each, port: RECEIVER_PORTS[each], isNamed: false });
    } else if (!isReceiver(name)) return { wrong: item, expected: suggestion(name) };
    else if (Number(digits ?? 0) > 65_535) return { wrong: item, expected: "a port from 0 to 65535" };
    else choices.set(name, { name, port: Number(digits ?? RECEIVER_PORTS[name]), isNamed: true });
  }
  return { choices: [...choices.values()] };
}

export function isReceiver(name: string): name is ReceiverName {
  return Object.hasOwn(RECEIVER_PORTS, name);
}

/** What was probably meant, or what there is. */
export function suggestion(name: string): string {
  const near = OTHER_NAMES.get(name) ?? nearest(name, [...RECEIVER_NAMES, "all", "none"]);
  return near === undefined
    ? `all, none, or some of ${RECEIVER_NAMES.join(", ")}, each as NAME or NAME:PORT`
    : `${near}, if that is meant; there are ${RECEIVER_NAMES.join(", ")}`;
}
