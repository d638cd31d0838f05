import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import { listenError } from "../../http/listen-error.ts";
import type { ReceiverContext } from "../receiver.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import type { Protocol } from "./conversation.ts";
import { DEFAULT_LISTENER_LIMITS, type ListenerLimits } from "./limits.ts";

export interface TcpListenerOptions {
  /** The receiver's name, for the counters. */
  readonly receiver: string;
  readonly context: ReceiverContext;
  readonly protocol: Protocol;
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Certificate and key; without them the listener speaks in the clear. */
  readonly tls?: TlsOptions | undefined;
  /** True for protocols without answers: at a stop what is on its way is read, as nobody will send it again. */
  readonly readsOnAtStop?: boolean;
  readonly limits?: Partial<ListenerLimits>;
}

/** Something that takes in what comes to a port. */
export interface Listener {
  readonly port: number;
  /** Takes no more, settles what was taken; cuts off after `grace` milliseconds. */
  stop(grace: number): Promise<void>;
}

/** Milliseconds for the handshake of TLS. */
const HANDSHAKE_TIME = 10_000;
/** Milliseconds in which peers that are told of a stop may still send, where what is on its way is read. */
const READING_ON = 300;
const BACKLOG = 1024;

/**
 * Listens on a TCP port and holds a conversation with everybody who connects.
 *
 * Bounded: connections, bytes held of incomplete messages by all together (whoever holds most is cut off), bytes
 * of answers left unread, and the time in which a message has to come on. A peer that is only silent may stay
 * until its place is needed. All that is cut off is counted.
 *
 * Rejects with `POLYLOG_E_PORT_IN_USE`, or `POLYLOG_E_CONFIG` when it can't listen there for another reason.
 */
export async function listenTcp(options: TcpListenerOptions): Promise<Listener> {
  const { receiver, context, protocol, host, port, tls } = options;
  const limits = { ...DEFAULT_LISTENER_LIMITS, ...options.limits };
  const connections = new Set<Connection>();
  let heldBytes = 0;

  const connectionOptions: ConnectionOptions = {
    receiver,
    context,
    protocol,
    limits,
    onHeld(change) {
      heldBytes += change;
      if (change > 0 && heldBytes > limits.heldBytes) mostHolding(connections)?.refuse("too_large");
    },
  };

  function onSocket(socket: Socket): void {
    if (socket.destroyed) return;
    const connection = new Connection(socket, connectionOptions);
    connections.add(connection);
    void connection.closed.then(() => connections.delete(connection));
  }

  /** Whether there is a place for one more, if need be the place of one that is silent. */
  function hasPlace(): boolean {
    if (sockets.size < limits.connections) return true;
    let silent: Connection | undefined;
    for (const connection of connections) {
      if (connection.lastSeen < (silent?.lastSeen ?? performance.now() - limits.idleAfter))
        silent = connection;
    }
    silent?.refuse("idle");
    return silent !== undefined;
  }

  // Every socket counts from its first moment: under TLS a connection begins only after the handshake.
  const sockets = new Set<Socket>();
  const server = tls === undefined ? createServer({ allowHalfOpen: true }) : tlsServer(tls);
  server.on(tls === undefined ? "connection" : "secureConnection", onSocket);
  server.prependListener("connection", (socket: Socket) => {
    if (!hasPlace()) {
      context.counters.rejected(receiver, 1, "too_many_connections");
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => context.counters.rejected(receiver, 1, "tls"));
  const sweep = setInterval(() => {
    for (const connection of connections) if (connection.isSlow()) connection.refuse("slow");
  }, limits.slowAfter);
  sweep.unref();

  try {
    await listening(server, host, port);
  } catch (error) {
    clearInterval(sweep);
    const flag = "--receivers";
    throw listenError(error, (error as NodeJS.ErrnoException).code, { host, port, flag, receiver });
  }
  return {
    port: (server.address() as AddressInfo).port,
    async stop(grace) {
      clearInterval(sweep);
      const readsOn = options.readsOnAtStop === true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const cut = setTimeout(
        () => {
          for (const socket of sockets) socket.destroy();
        },
        readsOn ? Math.min(READING_ON, grace) : grace,
      );
      await Promise.all([...connections].map((connection) => connection.stop(readsOn)));
      // Those that have not got through the handshake.
      for (const socket of sockets) socket.destroy();
      await closed;
      clearTimeout(cut);
    },
  };
}

function tlsServer(options: TlsOptions): Server {
  return createTlsServer({ ...options, allowHalfOpen: true, handshakeTimeout: HANDSHAKE_TIME });
}

function listening(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function mostHolding(connections: Iterable<Connection>): Connection | undefined {
  let most: Connection | undefined;
  for (const connection of connections) {
    if (connection.heldBytes > (most?.heldBytes ?? 0)) most = connection;
  }
  return most;
}
