import { afterEach, describe, expect, it, vi } from "vitest";
import { sinkProblems } from "./sink-problems.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const tell = () => sinkProblems().tell("POLYLOG_E_SINK", "subject", "it broke");

describe("a sink's problem", () => {
  it("goes to standard error, and never by the stream, whose errors come later", () => {
    const write = vi.spyOn(process.getBuiltinModule("node:fs"), "writeSync").mockReturnValue(0);
    const stream = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    tell();
    expect(write.mock.calls).toEqual([[2, "polylog: it broke [POLYLOG_E_SINK]\n"]]);
    expect(stream).not.toHaveBeenCalled();
  });

  it("ends nothing when standard error is closed", () => {
    const write = vi.spyOn(process.getBuiltinModule("node:fs"), "writeSync").mockImplementation(() => {
      throw Object.assign(new Error("EPIPE"), { code: "EPIPE" });
    });
    expect(tell).not.toThrow();
    expect(write).toHaveBeenCalledOnce();
  });

  it("goes to the console of a browser", () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    vi.stubGlobal("process", undefined);
    tell();
    vi.unstubAllGlobals();
    expect(warn).toHaveBeenCalledWith("polylog: it broke [POLYLOG_E_SINK]");
  });
});
