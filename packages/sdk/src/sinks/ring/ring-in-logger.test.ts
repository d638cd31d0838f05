import { describe, expect, it } from "vitest";
import type { Options } from "../../config/options.ts";
import { createPolylog } from "../../core/create-polylog.ts";
import { bareHost } from "../../host/bare.ts";
import type { LineSink } from "../sink.ts";
import { ringSink } from "./ring-sink.ts";

const ID = "0123456789abcdef";
const CONTEXT = { runner: { class: "OrderRunner", id: ID }, worker: ID };

/** What a sink that takes lines is given, by itself and in a ring. */
function linesOf(options: Options, isWrapped: boolean, own: Partial<LineSink> = {}): string[] {
  const lines: string[] = [];
  const inner: LineSink = { ...own, writeLine: (line) => lines.push(line) };
  const host = bareHost({ now: () => 0, isColorful: () => true });
  const polylog = createPolylog(host);
  polylog.configure({ level: "debug", ...options, sinks: { it: isWrapped ? ringSink(inner) : inner } });
  polylog.withContext(CONTEXT, () => {
    polylog.log.debug("before", { token: "secret", items: 2 });
    polylog.log.error("failed", Object.assign(new Error("boom"), { stack: "Error: boom", token: "secret" }));
  });
  return lines;
}

describe("a ring in a logger", () => {
  it.each<[string, Options, Partial<LineSink>?]>([
    ["the common format", { format: "json" }],
    ["the common format that is a function", { format: ({ message }) => `> ${message}` }],
    ["colours", { colors: true }],
    ["colours of a terminal", {}, { stream: "stderr" }],
    ["ids at full length", { compactContext: false }],
    ["redacted fields and errors", { format: "json", redact: ["token"] }],
  ])("gives its sink the lines it would get by itself: %s", (_name, options, own) => {
    const lines = linesOf(options, true, own);
    expect(lines).toEqual(linesOf(options, false, own));
    expect(lines).toHaveLength(2);
    if (options.compactContext === false) expect(lines[0]).toContain(ID);
    if (options.redact !== undefined) expect(lines.join("")).not.toContain("secret");
  });

  it.each<[string, Options["format"], Options["format"], Options["format"], RegExp]>([
    ["its own", "json", "logfmt", "text", /^\{/],
    ["that of the sink's options", undefined, "logfmt", "json", / level=info /],
  ])("uses %s format before the common one", (_name, own, given, common, expected) => {
    const lines: string[] = [];
    const polylog = createPolylog(bareHost());
    const ring = ringSink({ writeLine: (line) => lines.push(line) }, { format: own });
    polylog.configure({ format: common, sinks: { ring: { sink: ring, format: given! } } });
    polylog.log.info("hi");
    expect(lines).toEqual([expect.stringMatching(expected)]);
  });

  it("may lie in another ring", () => {
    const lines: string[] = [];
    const polylog = createPolylog(bareHost());
    const inner = ringSink({ writeLine: (line) => lines.push(line) });
    polylog.configure({ format: ({ message }) => message, level: "debug", sinks: { ring: ringSink(inner) } });
    polylog.log.debug("a");
    polylog.log.info("b");
    polylog.log.error("c");
    expect(lines).toEqual(["b\n", "a\n", "c\n"]);
  });

  it("is described by the format of what it writes", () => {
    const polylog = createPolylog(bareHost());
    polylog.configure({ format: "json", sinks: { ring: ringSink({ writeLine: () => {} }) } });
    expect(polylog.describe().sinks).toMatchObject([{ name: "ring", format: "json" }]);
  });
});
