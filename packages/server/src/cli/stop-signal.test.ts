import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";

const MODULE = new URL("../../dist/cli/stop-signal.js", import.meta.url).href;

/** A program that needs for ever to stop, or no time at all. */
const program = (isSlow: boolean): string => `
  import { untilTold } from ${JSON.stringify(MODULE)};
  const keep = setInterval(() => {}, 1000);
  await untilTold(async (told) => {
    console.log("up");
    await told;
    console.log("told");
    if (${isSlow}) await new Promise(() => {});
  });
  clearInterval(keep);`;

it.each<[signals: NodeJS.Signals[], isSlow: boolean, code: number]>([
  [["SIGINT"], false, 0],
  [["SIGTERM"], false, 0],
  [["SIGHUP"], false, 0],
  [["SIGINT", "SIGINT"], true, 130],
  [["SIGTERM", "SIGINT"], true, 130],
])("after %j (slow: %s) the program ends with %i", async (signals, isSlow, code) => {
  const child = spawn(process.execPath, ["--input-type=module", "-e", program(isSlow)]);
  let printed = "";
  child.stdout.on("data", (chunk) => {
    printed += chunk;
  });
  const ended = once(child, "close");
  const words = ["up\n", "up\ntold\n"];
  for (const [index, signal] of signals.entries()) {
    await expect.poll(() => printed, { timeout: 10_000 }).toBe(words[index]);
    child.kill(signal);
  }
  expect((await ended)[0]).toBe(code);
});
