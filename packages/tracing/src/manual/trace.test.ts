import { SpanStatusCode } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { tracing } from "../api.ts";
import { keepSpans } from "../testing/kept-spans.ts";
import { trace } from "./trace.ts";
import { traced } from "./traced.ts";

let kept = keepSpans();

beforeEach(() => {
  kept = keepSpans();
  tracing.init({ exporter: kept, instrumentations: false });
});
afterEach(() => tracing.shutdown());

/** What ended, in the order in which it ended. */
async function ended() {
  await tracing.shutdown();
  return kept.spans;
}

describe("trace", () => {
  it("gives back what the work gives, with attributes, and the work inside is a child", async () => {
    const result = trace("outer", { a: 1 }, (span) => {
      span.setAttribute("b", 2);
      return trace("inner", () => "done");
    });
    expect(result).toBe("done");
    const [inner, outer] = await ended();
    expect(outer).toMatchObject({ name: "outer", attributes: { a: 1, b: 2 } });
    expect(inner).toMatchObject({
      name: "inner",
      parentSpanContext: { spanId: outer?.spanContext().spanId },
    });
  });

  it("ends with the promise, and keeps the span active across awaits", async () => {
    let resolve: (value: string) => void = () => {};
    const promise = new Promise<string>((done) => {
      resolve = done;
    });
    const returned = trace("waits", () => promise);
    const nested = trace("outer", async () => {
      await promise;
      return trace("inner", () => 1);
    });
    resolve("later");
    await Promise.all([returned, nested]);
    const spans = await ended();
    expect(spans.map((span) => span.name)).toEqual(["waits", "inner", "outer"]);
    expect(spans[1]?.parentSpanContext?.spanId).toBe(spans[2]?.spanContext().spanId);
  });

  it("leaves a rejection that nobody looks at unhandled", async () => {
    const others = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    try {
      const unhandled = new Promise((resolve) => process.once("unhandledRejection", resolve));
      const error = new Error("nobody looks");
      void trace("fails", () => Promise.reject(error));
      expect(await unhandled).toBe(error);
    } finally {
      for (const other of others) process.on("unhandledRejection", other);
    }
    expect(await ended()).toHaveLength(1);
  });

  it("asks a thenable once: a query is not run twice", async () => {
    let runs = 0;
    const query = {
      // biome-ignore lint/suspicious/noThenProperty: that is what is tested.
      then(resolve: (value: string) => void) {
        runs++;
        resolve("rows");
      },
    } as PromiseLike<string>;
    expect(await trace("query", () => query)).toBe("rows");
    expect(runs).toBe(1);
    expect(await ended()).toHaveLength(1);
  });

  it.each<[string, () => unknown, string, string]>([
    [
      "an error",
      () => {
        throw new TypeError("declined");
      },
      "TypeError",
      "declined",
    ],
    ["a rejection", () => Promise.reject(new RangeError("too much")), "RangeError", "too much"],
    [
      "what is no error",
      () => {
        throw "a string";
      },
      "string",
      "a string",
    ],
  ])("records %s and lets it through", async (_what, work, type, message) => {
    await expect((async () => trace("fails", work))()).rejects.toBeDefined();
    const [span] = await ended();
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message });
    expect(span?.attributes["error.type"]).toBe(type);
    expect(span?.events.map((event) => event.name)).toEqual(["exception"]);
  });

  it("only runs the work when nothing is set up", async () => {
    await tracing.shutdown();
    expect(trace("quiet", { a: 1 }, (span) => span.isRecording())).toBe(false);
    expect(() =>
      trace("quiet", () => {
        throw new Error("through");
      }),
    ).toThrow("through");
    expect(kept.spans).toEqual([]);
  });
});

/** What a compiler makes of `@decorator name() {}`. */
function decorated<This, Args extends unknown[], Result>(
  name: string,
  method: (this: This, ...args: Args) => Result,
  decorator: ReturnType<typeof traced>,
) {
  return decorator(method, { kind: "method", name } as ClassMethodDecoratorContext<
    This,
    (this: This, ...args: Args) => Result
  >);
}

describe("traced", () => {
  it("makes a span of each call of a method, named after class and method", async () => {
    class Orders {
      prefix = "order ";
      place = decorated(
        "place",
        function (this: Orders, id: number) {
          return this.prefix + id;
        },
        traced(),
      );
    }
    expect(new Orders().place(7)).toBe("order 7");
    expect((await ended()).map((span) => span.name)).toEqual(["Orders.place"]);
  });

  it("takes a name, and attributes of the arguments", async () => {
    const decorator = traced({ name: "cancel", attributes: (id: number) => ({ "order.id": id }) });
    const cancel = (decorator as ReturnType<typeof traced>)((id: number) => Promise.resolve(id), {
      kind: "method",
      name: "x",
    } as never) as (id: number) => Promise<number>;
    expect(await cancel(7)).toBe(7);
    expect(await ended()).toMatchObject([{ name: "cancel", attributes: { "order.id": 7 } }]);
  });

  it("runs the method also where its attributes can't be made", async () => {
    const decorator = traced({
      name: "cancel",
      attributes: (order: { id: number }) => ({ "order.id": order.id }),
    });
    const cancel = (decorator as ReturnType<typeof traced>)((order: unknown) => order ?? "none", {
      kind: "method",
      name: "x",
    } as never) as (order?: unknown) => unknown;
    expect(cancel()).toBe("none");
    expect(await ended()).toMatchObject([{ name: "cancel", attributes: {} }]);
  });

  it("makes spans of all methods of a class, and of nothing else of it", async () => {
    let reads = 0;
    class Stock {
      #secret = () => 1;
      count(): number {
        return this.#secret();
      }
      async reserve(): Promise<number> {
        return this.count() + 1;
      }
      get total(): number {
        return ++reads;
      }
    }
    traced()(Stock, { kind: "class", name: "Stock" } as ClassDecoratorContext);
    const stock = new Stock();
    expect(await stock.reserve()).toBe(2);
    expect(reads).toBe(0);
    expect(stock.total).toBe(1);
    const spans = await ended();
    expect(spans.map((span) => span.name)).toEqual(["Stock.count", "Stock.reserve"]);
    expect(Stock.prototype.reserve.name).toBe("reserve");
  });

  it.each([
    ["a class", [class {}]],
    ["a method", [{}, "place", { value: () => {} }]],
  ])(
    "refuses to be a legacy decorator of %s, which compilers without types would make of it",
    (_of, words) => {
      const legacy = traced() as unknown as (...words: unknown[]) => unknown;
      expect(() => legacy(...words)).toThrow(expect.objectContaining({ code: "POLYLOG_E_TRACED" }));
    },
  );
});
