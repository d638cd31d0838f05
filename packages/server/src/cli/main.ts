import { runProgram } from "./program.ts";

const code = await runProgram(process.argv.slice(2));
await Promise.all([process.stdout, process.stderr].map(written));
// Not by waiting for what still runs: it has had its time, and what hangs would keep the process for ever.
process.exit(code);

/** Resolves when what was printed has left the process, or nobody reads it any more. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    if (stream.writable) stream.write("", () => resolve());
    else resolve();
  });
}
