import { type AddressInfo, createServer, type Socket } from "node:net";
import { answerAdmin, createPrincipals, type Principals } from "./admin.ts";
import { answerBatch } from "./batch.ts";
import { createFrameReader, encodeFrame, type Frame, KIND } from "./frames.ts";
import { answerInfo, type Modules } from "./info.ts";
import { decodeMessage, encodeAnswer, FIELD, INFO1 } from "./message.ts";
import { operate, SILENCE } from "./operate.ts";
import { answerQuery } from "./query.ts";
import { createRecords, type Records } from "./records.ts";

export interface AerospikeServer extends AsyncDisposable {
  readonly port: number;
}

/** What this server knows. */
interface State {
  readonly records: Records;
  readonly modules: Modules;
  readonly principals: Principals;
}

const NAMESPACES = ["test", "other"];

/** Listens on a port of this machine that is free. */
export async function startAerospikeServer(): Promise<AerospikeServer> {
  const state = { records: createRecords(), modules: new Map(), principals: createPrincipals() };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    serve(state, socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function serve(state: State, socket: Socket): void {
  const read = createFrameReader();
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    try {
      for (const frame of read(chunk)) {
        const answer = answerTo(state, frame);
        if (answer !== SILENCE) socket.write(encodeFrame(frame.kind, answer));
      }
    } catch (error) {
      // What isn't of the protocol ends the connection, as it does at a real server.
      console.error(error);
      socket.destroy();
    }
  });
}

function answerTo({ records, modules, principals }: State, { kind, body }: Frame): Buffer | typeof SILENCE {
  if (kind === KIND.info) return answerInfo({ records, modules, namespaces: NAMESPACES }, body);
  if (kind === KIND.admin) return answerAdmin(principals, body);
  const message = decodeMessage(body);
  if ((message.info1 & INFO1.batch) !== 0) {
    const answers = answerBatch(records, message);
    return answers === SILENCE ? SILENCE : Buffer.concat(answers);
  }
  const digest = message.fields.get(FIELD.digest);
  if (digest === undefined) return Buffer.concat(answerQuery(records, message));
  const answer = operate(records, message, digest);
  return answer === SILENCE ? SILENCE : encodeAnswer(answer);
}
