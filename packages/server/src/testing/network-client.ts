import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { NetworkReceiver } from "../receivers/listeners/network-receiver.ts";

/** The port of a receiver's endpoint over TCP or TLS. */
export function portOf({ endpoints }: NetworkReceiver): number {
  const endpoint = endpoints.find(({ transport }) => transport !== "udp");
  if (endpoint === undefined) throw new Error("the receiver has no TCP endpoint");
  return endpoint.port;
}

/** A connection to a receiver; what is wrong with it shows as its end. */
export async function connectTo(receiver: NetworkReceiver): Promise<Socket> {
  const socket = connect(portOf(receiver), "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => {});
  return socket;
}

/** Stops a receiver once, however often it is asked to. */
export function stopOnce(receiver: NetworkReceiver): () => Promise<void> {
  let stopped: Promise<void> | undefined;
  return () => {
    stopped ??= receiver.stop(5_000);
    return stopped;
  };
}

/** Writes to a socket; rejects when it is closed. */
export function write(socket: Socket, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.write(data, (error) => (error ? reject(error) : resolve()));
  });
}
