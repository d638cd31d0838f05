import { createSocket, type Socket } from "node:dgram";
import { isIPv6 } from "node:net";
import { listenError } from "../../http/listen-error.ts";
import type { Listener } from "./tcp-listener.ts";

export interface UdpListenerOptions {
  /** The receiver's name. */
  readonly receiver: string;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Takes one datagram; its memory is reused by nobody. */
  readonly onDatagram: (bytes: Buffer, address: string) => void;
}

/** Bytes that the system keeps for us while we are busy; it gives less where it is told to. */
const RECEIVE_BUFFER = 8 << 20;
/** Milliseconds of silence after which nothing is on its way any more. */
const SILENCE = 50;

/**
 * Listens for datagrams on a UDP port.
 *
 * Rejects with `POLYLOG_E_PORT_IN_USE`, or `POLYLOG_E_CONFIG` when it can't listen there for another reason.
 */
export async function listenUdp(options: UdpListenerOptions): Promise<Listener> {
  const { receiver, host, port, onDatagram } = options;
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  let last = performance.now();
  socket.on("message", (bytes, peer) => {
    last = performance.now();
    onDatagram(bytes, peer.address);
  });
  try {
    await bound(socket, host, port);
  } catch (error) {
    const flag = "--receivers";
    throw listenError(error, (error as NodeJS.ErrnoException).code, { host, port, flag, receiver });
  }
  // An answer of "port unreachable" from somewhere is no fault of ours.
  socket.on("error", () => {});
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER);
  } catch {
    // The system's own size has to do.
  }
  return {
    port: socket.address().port,
    async stop(grace) {
      // What the system holds for us was received: nobody sends it again.
      const end = performance.now() + Math.min(grace, 10 * SILENCE);
      last = performance.now();
      while (performance.now() < end && performance.now() - last < SILENCE) {
        await new Promise((resolve) => setTimeout(resolve, SILENCE / 5));
      }
      await new Promise<void>((resolve) => socket.close(() => resolve()));
    },
  };
}

function bound(socket: Socket, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address: host, port, exclusive: true }, () => {
      socket.off("error", reject);
      resolve();
    });
  });
}
