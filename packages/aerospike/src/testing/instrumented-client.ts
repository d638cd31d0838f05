import { AerospikeInstrumentation } from "../instrumentation.ts";
import type { AerospikeClient, AerospikeModule } from "./aerospike.ts";
import { MODULES } from "./counting.ts";
import type { OfficialClient } from "./official-client.ts";
import { startServerProcess } from "./server-process.mjs";
import { type CollectedTelemetry, collectTelemetry } from "./telemetry.ts";

/** A real server, `host:port`; what only the small one can be asked for is skipped then. */
export const givenServer = process.env.AEROSPIKE_HOST;

/** The official client, instrumented and connected. */
export interface InstrumentedClient {
  readonly Aerospike: AerospikeModule;
  readonly client: AerospikeClient;
  readonly instrumentation: AerospikeInstrumentation;
  readonly telemetry: CollectedTelemetry;
  readonly address: string;
  readonly port: number;
  /** Another one of the same server. */
  connect(config: object): Promise<AerospikeClient>;
  stop(): Promise<void>;
}

/** To a small server of its own, unless a real one is given. */
export async function startInstrumentedClient(official: OfficialClient): Promise<InstrumentedClient> {
  const server = givenServer === undefined ? await startServerProcess() : undefined;
  const [givenAddress = "127.0.0.1", givenPort = 3000] = givenServer?.split(":") ?? [];
  const { address, port } = server ?? { address: givenAddress, port: Number(givenPort) };
  const telemetry = collectTelemetry();
  const instrumentation = new AerospikeInstrumentation();
  const Aerospike = official.load();
  const log = { level: Aerospike.log.OFF! };
  Aerospike.setDefaultLogging(log);
  const own = { hosts: [{ addr: address, port }], modlua: { userPath: MODULES }, log };
  const connect = (more: object) => Aerospike.connect({ ...own, ...more });
  const client = await connect({});
  return {
    ...{ Aerospike, client, instrumentation, telemetry, address, port, connect },
    async stop() {
      client.close();
      Aerospike.releaseEventLoop();
      instrumentation.disable();
      await telemetry.shutdown();
      await server?.stop();
    },
  };
}
