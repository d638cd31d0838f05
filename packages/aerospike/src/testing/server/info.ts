import { PARTITIONS, type Records } from "./records.ts";

const NODE = "BB9POLYLOG000001";
/** A release that the client asks for all that this server can. */
const BUILD = "7.2.0.0";
const GENERATION = "1";
/** A bit for each partition: this node has them all. */
const ALL_PARTITIONS = Buffer.alloc(PARTITIONS / 8, 0xff).toString("base64");

/** Answers a request for information: a line for each name that was asked. */
export function answerInfo(records: Records, namespaces: readonly string[], body: Buffer): Buffer {
  const names = body.toString("utf8").split("\n").filter(Boolean);
  return Buffer.from(names.map((name) => `${name}\t${answerTo(records, namespaces, name)}\n`).join(""));
}

function answerTo(records: Records, namespaces: readonly string[], asked: string): string {
  const [name = "", rest = ""] = asked.split(/:(.*)/s);
  switch (name) {
    case "node":
      return NODE;
    case "build":
      return BUILD;
    case "partition-generation":
    case "peers-generation":
    case "rebalance-generation":
      return GENERATION;
    case "peers-clear-std":
    case "peers-clear-alt":
      return `${GENERATION},3000,[]`;
    case "replicas":
      return namespaces.map((namespace) => `${namespace}:0,1,${ALL_PARTITIONS};`).join("");
    case "namespaces":
      return namespaces.join(";");
    case "truncate":
      truncate(records, new URLSearchParams(rest.replaceAll(";", "&")));
      return "ok";
    case "sindex-create":
    case "sindex-delete":
      return "OK";
    default:
      return "ERROR:4:unrecognized command";
  }
}

function truncate(records: Records, of: URLSearchParams): void {
  for (const record of records.of(of.get("namespace") ?? "", of.get("set") ?? "")) records.remove(record);
}
