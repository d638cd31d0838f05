import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { httpPayload } from "./http.mjs";
import { socketPayload } from "./sockets.mjs";

/**
 * Sends records as fast as they are taken, in a process of its own: `node sender.mjs KIND NAME HOST PORT RECORDS`. Several
 * connections, each with one payload on its way.
 */
const [, , kind, name, host, port, records] = process.argv;
const CONNECTIONS = 4;
/** Where a request holds a single record: as many as a busy fleet of clients would have. */
const MANY_CONNECTIONS = 256;

const { count, send } = kind === "http" ? overHttp() : overSocket();
const connections = count === 1 ? MANY_CONNECTIONS : CONNECTIONS;
let left = Math.ceil(Number(records) / count);
await Promise.all(
  Array.from({ length: connections }, async () => {
    const one = await send();
    while (left-- > 0) await one();
  }),
);

function overHttp() {
  const { count, path, headers, body } = httpPayload(name);
  const agent = new Agent({ keepAlive: true, maxSockets: MANY_CONNECTIONS });
  const options = {
    host,
    port,
    path,
    method: "POST",
    agent,
    headers: { ...headers, "content-length": body.length },
  };
  const post = () =>
    new Promise((resolve, reject) => {
      const call = request(options, (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk) => {
          text += chunk;
        });
        response.on("end", () => {
          if (response.statusCode < 300) resolve();
          else reject(new Error(`${name}: ${response.statusCode} ${text.slice(0, 300)}`));
        });
      });
      call.on("error", reject);
      call.end(body);
    });
  return { count, send: async () => post };
}

function overSocket() {
  const { count, bytes, answerBytes } = socketPayload(name);
  return {
    count,
    async send() {
      const socket = connect(Number(port), host);
      await once(socket, "connect");
      let answered = 0;
      let onAnswer = () => {};
      socket.on("data", (chunk) => {
        answered += chunk.length;
        onAnswer();
      });
      return async () => {
        const wanted = answered + answerBytes;
        const isBuffered = !socket.write(bytes);
        if (answerBytes === 0) {
          if (isBuffered) await once(socket, "drain");
          return;
        }
        while (answered < wanted) {
          await new Promise((resolve) => {
            onAnswer = resolve;
          });
        }
      };
    },
  };
}
