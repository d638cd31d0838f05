import { once } from "node:events";
import { connect } from "node:net";
import { httpPayload } from "./http.mjs";
import { socketPayload } from "./sockets.mjs";

/**
 * Sends records as fast as they are taken, in a process of its own: `node sender.mjs KIND NAME HOST PORT RECORDS`. Several
 * connections, each with one payload on its way, made before anything is timed. Says "ready" to whoever forked it, begins
 * when told "go", and says "sent" when all is sent, and acknowledged where the protocol does that.
 */
const [, , kind, name, host, port, records] = process.argv;
/**
 * Records on their way at a time, as a busy fleet has them. The server spaces inserts of less than 10,000, which then take
 * along what comes meanwhile: with fewer, it is the pause that is measured.
 */
const RECORDS_UNDER_WAY = 32_000;
/** More requests than that would be refused while they wait to be read. */
const MOST_CONNECTIONS = 1000;

const { count, send } = kind === "http" ? overHttp() : overSocket();
const connections = Math.min(Math.ceil(RECORDS_UNDER_WAY / count), MOST_CONNECTIONS);
const senders = await Promise.all(Array.from({ length: connections }, send));
process.send("ready");
await once(process, "message");
let left = Math.ceil(Number(records) / count);
await Promise.all(
  senders.map(async (one) => {
    while (left-- > 0) await one();
  }),
);
process.send("sent");

/** The bytes of a request, as they are, over a socket: a client library would cost more than the server. */
function overHttp() {
  const { count, path, headers, body } = httpPayload(name);
  const lines = Object.entries({ host, ...headers, "content-length": body.length });
  const head = lines.map(([key, value]) => `${key}: ${value}\r\n`).join("");
  const bytes = Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${head}\r\n`), body]);
  return {
    count,
    async send() {
      const socket = connect(Number(port), host);
      await once(socket, "connect");
      let text = "";
      let onEnd = () => {};
      socket.setNoDelay(true).setEncoding("latin1");
      socket.on("data", (chunk) => {
        text += chunk;
        if (text.length < lengthOfResponse(text)) return;
        if (!text.startsWith("HTTP/1.1 2")) throw new Error(`${name}: ${text.slice(0, 600)}`);
        text = "";
        onEnd();
      });
      socket.on("close", () => {
        throw new Error(`${name}: the server closed the connection`);
      });
      return () =>
        new Promise((resolve) => {
          onEnd = resolve;
          socket.write(bytes);
        });
    },
  };
}

/** Characters of a response, infinite until its head is there. */
function lengthOfResponse(text) {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return Number.POSITIVE_INFINITY;
  const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, end));
  return end + 4 + Number(length?.[1] ?? 0);
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
