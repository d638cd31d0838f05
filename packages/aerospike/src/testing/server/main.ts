import { startAerospikeServer } from "./server.ts";

/** A process of its own, since the client connects in the foreground. Ends when nobody holds its standard input. */
const server = await startAerospikeServer();
process.stdout.write(`${server.port}\n`);
process.stdin.once("close", () => server[Symbol.asyncDispose]()).resume();
