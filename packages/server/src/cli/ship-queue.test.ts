import { expect, it } from "vitest";
import type { LogRecord } from "../record/record.ts";
import { resourceOf, scopeOf } from "../record/resource.ts";
import { createShipQueue } from "./ship-queue.ts";

const records = (...bodies: string[]): LogRecord[] =>
  bodies.map((body) => ({
    timestamp: 0n,
    observedTimestamp: 0n,
    severityNumber: 9,
    severityText: "INFO",
    body,
    eventName: "",
    traceId: "",
    spanId: "",
    traceFlags: 0,
    resource: resourceOf([]),
    scope: scopeOf(""),
    attributes: [],
  }));

/** A server whose answers the test gives. */
function server() {
  const batches: {
    readonly bodies: string[];
    readonly accept: () => void;
    readonly refuse: (error: Error) => void;
  }[] = [];
  const send = (sent: readonly LogRecord[]): Promise<void> =>
    new Promise((accept, refuse) => batches.push({ bodies: sent.map(({ body }) => body), accept, refuse }));
  return { batches, send };
}

it("sends what came in meanwhile as the next batch, in order", async () => {
  const { batches, send } = server();
  const queue = createShipQueue({ send, capacity: 10_000, onFailure: () => {} });
  queue.push(records("a"), 1);
  queue.push(records("b", "c"), 2);
  queue.push(records("d"), 1);
  expect(batches.map(({ bodies }) => bodies)).toEqual([["a"]]);
  expect(queue.waiting()).toBe(4);
  batches[0]?.accept();
  await expect.poll(() => batches.length).toBe(2);
  expect(batches[1]?.bodies).toEqual(["b", "c", "d"]);
  batches[1]?.accept();
  await queue.drained();
  expect([queue.waiting(), queue.lost()]).toEqual([0, 0]);
});

it("counts what finds no room, and has room again when a batch is through", async () => {
  const { batches, send } = server();
  const queue = createShipQueue({ send, capacity: 1000, onFailure: () => {} });
  queue.push(records("a"), 6);
  queue.push(records("b", "c"), 6);
  expect([queue.waiting(), queue.lost()]).toEqual([1, 2]);
  batches[0]?.accept();
  await queue.drained();
  queue.push(records("d"), 6);
  batches[1]?.accept();
  await queue.drained();
  expect([batches[1]?.bodies, queue.lost()]).toEqual([["d"], 2]);
});

it("counts what is refused, says so once, and goes on", async () => {
  const { batches, send } = server();
  const failures: unknown[] = [];
  const queue = createShipQueue({ send, capacity: 1000, onFailure: (error) => failures.push(error) });
  for (const body of ["a", "b", "c"]) {
    queue.push(records(body), 1);
    const batch = batches.at(-1);
    if (body === "c") batch?.accept();
    else batch?.refuse(new Error(body));
    await queue.drained();
  }
  expect([queue.lost(), queue.waiting(), failures]).toEqual([2, 0, [new Error("a")]]);
});
