import { PolylogError } from "../../errors.ts";
import { type Listener, listenTcp, type TcpListenerOptions } from "./tcp-listener.ts";
import { listenUdp, type UdpListenerOptions } from "./udp-listener.ts";

/** How often a free TCP port is looked for whose UDP namesake is free, too. */
const TRIES = 20;

/**
 * Listens on one port number for connections and for datagrams.
 *
 * @param onDatagram what takes the datagrams
 */
export async function listenTcpAndUdp(
  options: TcpListenerOptions,
  onDatagram: UdpListenerOptions["onDatagram"],
): Promise<Listener> {
  const { receiver, host } = options;
  for (let tries = 1; ; tries++) {
    const tcp = await listenTcp(options);
    try {
      const udp = await listenUdp({ receiver, host, port: tcp.port, onDatagram });
      return {
        port: tcp.port,
        stop: async (grace) => {
          await Promise.all([tcp.stop(grace), udp.stop(grace)]);
        },
      };
    } catch (error) {
      await tcp.stop(0);
      const isTaken = error instanceof PolylogError && error.code === "POLYLOG_E_PORT_IN_USE";
      if (!isTaken || options.port !== 0 || tries >= TRIES) throw error;
    }
  }
}
