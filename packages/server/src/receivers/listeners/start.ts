import { readFile } from "node:fs/promises";
import { createSecureContext, type TlsOptions } from "node:tls";
import type { ReceiverName } from "../../config/receiver-choice.ts";
import type { ReceiverConfig, TlsFiles } from "../../config/server-config.ts";
import { PolylogError } from "../../errors.ts";
import { reachableHost } from "../../http/listen.ts";
import { startForward } from "../forward/receiver.ts";
import { startGelf } from "../gelf/receiver.ts";
import { startLumberjack } from "../lumberjack/receiver.ts";
import type { ReceiverContext } from "../receiver.ts";
import { startScribe } from "../scribe/receiver.ts";
import { startSyslog } from "../syslog/receiver.ts";
import type { NetworkReceiver, StartReceiver, Transport } from "./network-receiver.ts";

/** Every receiver that has ports of its own; one line each. */
const RECEIVERS: Readonly<Record<ReceiverName, StartReceiver>> = {
  syslog: startSyslog,
  "syslog-tls": startSyslog,
  gelf: startGelf,
  lumberjack: startLumberjack,
  forward: startForward,
  scribe: startScribe,
};

/** Where a receiver is reached. */
export interface ReceiverEndpoint {
  readonly receiver: ReceiverName;
  readonly transport: Transport;
  /** `127.0.0.1:514` */
  readonly address: string;
}

export interface RunningReceivers {
  readonly endpoints: readonly ReceiverEndpoint[];
  /** Takes no more, and settles what was taken; gives the rest up after `grace` milliseconds. */
  stop(grace: number): Promise<void>;
}

/**
 * Starts the receivers that were chosen. Rejects when one of them can't be started, and stops the others then.
 *
 * @example
 * const running = await startReceivers(context, config);
 * running.endpoints[0]?.address; // "127.0.0.1:514"
 */
export async function startReceivers(
  context: ReceiverContext,
  config: {
    readonly host: string;
    readonly receivers: readonly ReceiverConfig[];
    readonly tls: TlsFiles | null;
  },
): Promise<RunningReceivers> {
  const { host, receivers } = config;
  const tls = config.tls === null || receivers.length === 0 ? undefined : await readTls(config.tls);
  const running: NetworkReceiver[] = [];
  const endpoints: ReceiverEndpoint[] = [];
  const stop = async (grace: number): Promise<void> => {
    await Promise.all(running.map((receiver) => receiver.stop(grace)));
  };
  try {
    for (const { name, port, sharedKey } of receivers) {
      // Senders to 514 speak in the clear; those who don't have 6514.
      const secured = name === "syslog" ? undefined : tls;
      const receiver = await RECEIVERS[name](context, { host, port, sharedKey, tls: secured });
      running.push(receiver);
      for (const { transport, port: bound } of receiver.endpoints) {
        endpoints.push({ receiver: name, transport, address: `${reachableHost(host)}:${bound}` });
      }
    }
  } catch (error) {
    await stop(0);
    throw error;
  }
  return { endpoints, stop };
}

async function readTls({ cert, key, clientCa }: TlsFiles): Promise<TlsOptions> {
  const read = (flag: string, path: string): Promise<Buffer> =>
    readFile(path).catch((cause: Error) => {
      throw new PolylogError("POLYLOG_E_CONFIG", `${flag} ${path} can't be read: ${cause.message}`, {
        cause,
      });
    });
  const options: TlsOptions = {
    cert: await read("--tls-cert", cert),
    key: await read("--tls-key", key),
    ...(clientCa === null
      ? {}
      : { ca: await read("--tls-client-ca", clientCa), requestCert: true, rejectUnauthorized: true }),
  };
  try {
    createSecureContext(options);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new PolylogError(
      "POLYLOG_E_CONFIG",
      `${cert} and ${key} are no certificate with its key: ${message}.`,
      {
        cause,
        remedy: "Give both in PEM, the certificate with the chain that senders know.",
      },
    );
  }
  return options;
}
