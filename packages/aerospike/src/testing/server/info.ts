import { createHash } from "node:crypto";
import { PARTITIONS, type Records } from "./records.ts";

const NODE = "BB9POLYLOG000001";
/** A release that the client asks for all that this server can. */
const BUILD = "8.1.0.0";
const GENERATION = "1";
/** A bit for each partition: this node has them all. */
const ALL_PARTITIONS = Buffer.alloc(PARTITIONS / 8, 0xff).toString("base64");

/** Modules of functions that were registered, by their files' names; base64. */
export type Modules = Map<string, string>;

/** What is told of, and changed. */
interface Subject {
  readonly records: Records;
  readonly modules: Modules;
  readonly namespaces: readonly string[];
}

/** Answers a request for information: a line for each name that was asked. */
export function answerInfo(subject: Subject, body: Buffer): Buffer {
  const names = body.toString("utf8").split("\n").filter(Boolean);
  return Buffer.from(names.map((name) => `${name}\t${answerTo(subject, name)}\n`).join(""));
}

function answerTo({ records, modules, namespaces }: Subject, asked: string): string {
  const [name = "", rest = ""] = asked.split(/:(.*)/s);
  const wanted = /\bfail-(\d+)/.exec(rest);
  if (wanted !== null) return `ERROR:${wanted[1]}:asked for`;
  const given = new URLSearchParams(rest.replaceAll("+", "%2B").replaceAll(";", "&"));
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
      truncate(records, given);
      return "ok";
    case "udf-put":
      modules.set(given.get("filename") ?? "", given.get("content") ?? "");
      return "ok";
    case "udf-remove":
      return modules.delete(given.get("filename") ?? "") ? "ok" : "ERROR:4:file not found";
    case "udf-list":
      return [...modules].map(udfLine).join("");
    case "user-agent-set":
    case "xdr-set-filter":
      return "ok";
    case "query-show":
      return "module=query:status=done(ok):job-progress=100:recs-succeeded=0";
    case "sindex-create":
    case "sindex-delete":
      return "OK";
    default:
      return "ERROR:4:unrecognized command";
  }
}

function udfLine([filename, content]: [string, string]): string {
  const hash = createHash("sha1").update(content, "base64").digest("hex");
  return `filename=${filename},hash=${hash},type=LUA;`;
}

function truncate(records: Records, of: URLSearchParams): void {
  for (const record of records.of(of.get("namespace") ?? "", of.get("set") ?? "")) records.remove(record);
}
