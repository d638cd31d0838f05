import { Readable } from "node:stream";
import { type ClickHouseClient, ClickHouseError } from "@clickhouse/client";
import { EngineError, type EngineNode } from "@polylog/engine";
import { describe, expect, it } from "vitest";
import type { NativeInsert } from "./insert.ts";
import { createInsertPaths, type InsertPath } from "./insert-paths.ts";

/** A node that notes what arrives, and fails as it is told. */
function fakeNode(name: string, shard: number) {
  const tokens: string[] = [];
  const state = { isAnswering: true, isKnown: true, failure: undefined as unknown };
  const exec = async (call: { clickhouse_settings: { insert_deduplication_token: string } }) => {
    tokens.push(call.clickhouse_settings.insert_deduplication_token);
    if (state.failure !== undefined) throw state.failure;
    return { stream: Readable.from([]) };
  };
  const node: EngineNode = {
    name,
    client: { exec } as unknown as ClickHouseClient,
    isAnswering: () => state.isAnswering,
    shard: () => shard,
    isKnown: () => state.isKnown,
  };
  return { node, tokens, state };
}

type FakeNode = ReturnType<typeof fakeNode>;

function pathsTo(fakes: readonly FakeNode[]): readonly InsertPath[] {
  return createInsertPaths({
    nodes: fakes.map(({ node }) => node),
    usable: () => fakes.filter(({ state }) => state.isAnswering).map(({ node }) => node),
    isReplicated: () => false,
    recheck: async () => {},
  });
}

function block(token: string): NativeInsert {
  return { table: "t", columns: ["n"], block: [], token };
}

function unavailable(code: string): EngineError {
  const cause = Object.assign(new Error(code), { code });
  return new EngineError("POLYLOG_E_ENGINE_UNAVAILABLE", "The connection failed", { cause });
}

function three(): [FakeNode, FakeNode, FakeNode] {
  return [fakeNode("a", 1), fakeNode("b", 2), fakeNode("c", 3)];
}

describe("paths to the nodes of a cluster", () => {
  it("each go to a node of their own", async () => {
    const fakes = three();
    for (const [index, path] of pathsTo(fakes).entries()) await path.insert(block(`token ${index}`));
    expect(fakes.map(({ tokens }) => tokens)).toEqual([["token 0"], ["token 1"], ["token 2"]]);
  });

  it("pass over a node that is away", async () => {
    const [a, b, c] = three();
    b.state.isAnswering = false;
    const [, path] = pathsTo([a, b, c]);
    await path?.insert(block("x"));
    expect([a.tokens, b.tokens, c.tokens]).toEqual([[], [], ["x"]]);
  });

  it("pass over a node that others don't know of yet", async () => {
    const [a, b, c] = three();
    b.state.isKnown = false;
    const [, path] = pathsTo([a, b, c]);
    await path?.insert(block("x"));
    expect([a.tokens, b.tokens, c.tokens]).toEqual([[], [], ["x"]]);
  });

  it("take another node for a block that can't have arrived", async () => {
    const [a, b, c] = three();
    a.state.failure = unavailable("ECONNREFUSED");
    const [path] = pathsTo([a, b, c]);
    await expect(path?.insert(block("x"))).rejects.toThrow();
    a.state.isAnswering = false;
    await path?.insert(block("x"));
    expect(b.tokens).toEqual(["x"]);
    expect(path?.isStuck()).toBe(false);
  });

  it.each(["ECONNRESET", "EPIPE", "ETIMEDOUT"])(
    "repeat a block that may have arrived there only: %s",
    async (code) => {
      const [a, b, c] = three();
      a.state.failure = unavailable(code);
      const [path] = pathsTo([a, b, c]);
      await expect(path?.insert(block("x"))).rejects.toThrow();
      a.state.isAnswering = false;
      await expect(path?.insert(block("x"))).rejects.toThrow(/a is away/);
      expect(path?.isStuck()).toBe(true);
      expect([b.tokens, c.tokens]).toEqual([[], []]);
      a.state.isAnswering = true;
      a.state.failure = undefined;
      await path?.insert(block("x"));
      expect(a.tokens).toEqual(["x", "x"]);
      expect(path?.isStuck()).toBe(false);
    },
  );

  it("repeat a block that may have arrived there only, also when its node then refuses connections", async () => {
    const [a, b, c] = three();
    const [path] = pathsTo([a, b, c]);
    a.state.failure = unavailable("ECONNRESET");
    await expect(path?.insert(block("x"))).rejects.toThrow();
    a.state.failure = unavailable("ECONNREFUSED");
    await expect(path?.insert(block("x"))).rejects.toThrow();
    a.state.isAnswering = false;
    await expect(path?.insert(block("x"))).rejects.toThrow(/a is away/);
    expect([b.tokens, c.tokens]).toEqual([[], []]);
  });

  it.each(["60", "202", "497", "516", "745"])(
    "take another node for a block that was refused before a row was read: %s",
    async (code) => {
      const [a, b, c] = three();
      const [path] = pathsTo([a, b, c]);
      a.state.failure = new ClickHouseError({ code, message: "Refused", type: "" });
      await expect(path?.insert(block("x"))).rejects.toThrow("Refused");
      expect(path?.isStuck()).toBe(false);
      a.state.isAnswering = false;
      await path?.insert(block("x"));
      expect([a.tokens, b.tokens, c.tokens]).toEqual([["x"], ["x"], []]);
    },
  );

  it.each(["241", "243", "252", "285"])(
    "repeat a block there only that was refused when some of it may have been written: %s",
    async (code) => {
      const [a, b, c] = three();
      const [path] = pathsTo([a, b, c]);
      a.state.failure = new ClickHouseError({ code, message: "Refused", type: "" });
      for (let tries = 0; tries < 2; tries++)
        await expect(path?.insert(block("x"))).rejects.toThrow("Refused");
      expect([a.tokens, b.tokens, c.tokens]).toEqual([["x", "x"], [], []]);
    },
  );

  it("repeat a block there only, though a later try is refused before a row was read", async () => {
    const [a, b, c] = three();
    const [path] = pathsTo([a, b, c]);
    for (const failure of [
      unavailable("ECONNRESET"),
      new ClickHouseError({ code: "202", message: "", type: "" }),
    ]) {
      a.state.failure = failure;
      await expect(path?.insert(block("x"))).rejects.toThrow();
    }
    a.state.failure = undefined;
    await path?.insert(block("x"));
    expect([a.tokens, b.tokens, c.tokens]).toEqual([["x", "x", "x"], [], []]);
  });

  it("repeat a block on another replica of its shard", async () => {
    const fakes = [fakeNode("a", 1), fakeNode("b", 2), fakeNode("a2", 1)];
    const [a, b, a2] = fakes as [FakeNode, FakeNode, FakeNode];
    a.state.failure = unavailable("ECONNRESET");
    const [path] = pathsTo(fakes);
    await expect(path?.insert(block("x"))).rejects.toThrow();
    a.state.isAnswering = false;
    await path?.insert(block("x"));
    expect([b.tokens, a2.tokens]).toEqual([[], ["x"]]);
  });

  it("go on with a node that refused a block for what is in it", async () => {
    const [a, b, c] = three();
    const [path] = pathsTo([a, b, c]);
    a.state.failure = new ClickHouseError({ code: "117", message: "Incorrect data", type: "" });
    await expect(path?.insert(block("x"))).rejects.toThrow("Incorrect data");
    a.state.failure = undefined;
    await path?.insert(block("half of x"));
    expect([a.tokens, b.tokens]).toEqual([["x", "half of x"], []]);
  });

  it("give a node that refused a block no other for a while, and go on with the next block", async () => {
    const [a, b, c] = three();
    a.state.failure = Object.assign(new Error("NOT_ENOUGH_SPACE"), { code: "243" });
    const [path] = pathsTo([a, b, c]);
    await expect(path?.insert(block("x"))).rejects.toThrow("NOT_ENOUGH_SPACE");
    expect(path?.isStuck()).toBe(true);
    await path?.insert(block("y"));
    expect([a.tokens, b.tokens]).toEqual([["x"], ["y"]]);
  });
});
