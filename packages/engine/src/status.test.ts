import { expect, test } from "vitest";
import { EngineError } from "./errors.ts";
import { createStatusBoard } from "./status.ts";

test("listeners hear of changes, and only of changes, until they leave", () => {
  const board = createStatusBoard("remote");
  const heard: string[] = [];
  const leave = board.subscribe(({ state }) => heard.push(state));
  board.update({ state: "ready" });
  board.update({ state: "ready" });
  board.update({ state: "restarting" });
  leave();
  board.update({ state: "ready" });
  expect(heard).toEqual(["ready", "restarting"]);
});

test("waiting ends when it gets ready", async () => {
  const board = createStatusBoard("embedded");
  const ready = board.whenReady(10_000);
  board.update({ state: "ready" });
  await expect(ready).resolves.toBeUndefined();
  await expect(board.whenReady(10_000)).resolves.toBeUndefined();
});

test("waiting ends with the cause when it fails", async () => {
  const board = createStatusBoard("embedded");
  const cause = new EngineError("POLYLOG_E_ENGINE_CRASHED", "ended");
  const ready = board.whenReady(10_000);
  board.update({ state: "failed", error: cause });
  await expect(ready).rejects.toBe(cause);
});

test("waiting ends when it is stopped", async () => {
  const board = createStatusBoard("embedded");
  const ready = board.whenReady(10_000);
  board.update({ state: "stopped" });
  await expect(ready).rejects.toMatchObject({ code: "POLYLOG_E_ENGINE_STOPPED" });
});

test("waiting ends after its time, and says what stands in the way", async () => {
  const board = createStatusBoard("remote");
  board.update({ error: new Error("nobody listens") });
  await expect(board.whenReady(10)).rejects.toMatchObject({
    code: "POLYLOG_E_ENGINE_UNAVAILABLE",
    message: "The engine is not ready after 10 ms (starting): nobody listens",
  });
});
