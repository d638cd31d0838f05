import { PolylogError } from "../../errors.ts";
import { reasonOf } from "../../intake/refusal.ts";
import { type Listener, listenTcp, type TcpListenerOptions } from "./tcp-listener.ts";
import { listenUdp, type UdpListenerOptions } from "./udp-listener.ts";

/** How often a free TCP port is looked for whose UDP namesake is free, too. */
const TRIES = 20;

/**
 * Listens on one port number for connections and for datagrams.
 *
 * @param onDatagram what takes the datagrams; one at which it throws is counted, and costs no other
 */
export async function listenTcpAndUdp(
  options: TcpListenerOptions,
  onDatagram: UdpListenerOptions["onDatagram"],
): Promise<Listener> {
  const { receiver, host, context } = options;
  const takeDatagram: UdpListenerOptions["onDatagram"] = (bytes, address) => {
    try {
      onDatagram(bytes, address);
    } catch (error) {
      // Nobody else would catch it: it would end the server.
      context.counters.rejected(receiver, 1, reasonOf(error));
      context.log.error("a datagram could not be taken", { receiver, error: String(error) });
    }
  };
  for (let tries = 1; ; tries++) {
    const tcp = await listenTcp(options);
    try {
      const udp = await listenUdp({ receiver, host, port: tcp.port, onDatagram: takeDatagram });
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
