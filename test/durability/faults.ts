import { connect, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { poll } from "../poll.ts";
import type { Random } from "../random.ts";
import type { ShiftedClock } from "./clock.ts";
import type { Disk } from "./disk.ts";
import type { Ledger } from "./ledger.ts";
import type { Victim } from "./server.ts";
import { jsonLines } from "./writers.ts";

/** What a fault is done to. */
interface World {
  readonly victim: Victim;
  readonly disk: Disk;
  readonly clock: ShiftedClock;
  readonly ledger: Ledger;
  readonly round: string;
  readonly random: Random;
}

/** Something bad, which is over when it resolves. */
export type Fault = (world: World) => Promise<void>;

const HOUR = 3_600_000;
const HALF_OPEN = 20;

export const FAULTS = {
  async killServer({ victim, random }) {
    await victim.kill();
    await delay(random.below(500));
    victim.start();
  },

  async killEngine({ victim }) {
    signal(victim.enginePid, "SIGKILL");
  },

  async killBoth({ victim, random }) {
    signal(victim.enginePid, "SIGKILL");
    await victim.kill();
    await delay(random.below(500));
    victim.start();
  },

  /** Also as it starts again, and before it has come back. */
  async killEngineAgainAndAgain({ victim, random }) {
    for (let times = 2 + random.below(3); times > 0; times--) {
      signal(victim.enginePid, "SIGKILL");
      await delay(random.below(700));
    }
  },

  async slowEngine({ victim, random }) {
    const pid = victim.enginePid;
    signal(pid, "SIGSTOP");
    await delay(500 + random.below(random.once(3) ? 8_000 : 2_500));
    signal(pid, "SIGCONT");
  },

  /** The server is gone while the engine takes no notice. */
  async killServerOfSlowEngine({ victim, random }) {
    const pid = victim.enginePid;
    signal(pid, "SIGSTOP");
    await delay(random.below(1_500));
    await victim.kill();
    signal(pid, "SIGCONT");
    victim.start();
  },

  /** Questions are answered meanwhile; by a server that is just starting, not before there is room. */
  async fullDisk({ victim, disk, round, random }) {
    const wasReady = await victim.isReady();
    disk.fill();
    try {
      await delay(500 + random.below(3_000));
      if (wasReady) await poll("questions are answered on a full disk", () => victim.find(round), 20_000);
    } finally {
      disk.free();
    }
  },

  async killServerOnFullDisk({ victim, disk, random }) {
    disk.fill();
    await delay(random.below(1_000));
    await victim.kill();
    victim.start();
    await delay(random.below(2_000));
    disk.free();
  },

  async clockJumps({ victim, clock, random }) {
    for (const shift of [24 * HOUR, -HOUR, -30 * 24 * HOUR, 0]) {
      if (victim.pid !== undefined) clock.shift(shift + random.below(1000), victim.pid);
      await delay(random.below(500));
      if (random.once(4)) {
        await victim.kill();
        victim.start();
        await delay(1_000);
      }
    }
    if (victim.pid !== undefined) clock.shift(0, victim.pid);
  },

  /** Peers that begin a request and say no more, and such as don't wait for the answer. */
  async halfOpenSockets({ victim, ledger, round, random }) {
    const { port } = new URL(victim.endpoints.http);
    const sockets: Socket[] = [];
    for (let i = 0; i < HALF_OPEN; i++) {
      const ids = ledger.take(1 + random.below(20));
      // One that is cut short may hold whole lines, but is no whole request.
      const body = jsonLines(ids, ledger.sending(ids), round);
      const request = `POST /v1/jsonl HTTP/1.1\r\nhost: x\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
      const isWhole = random.once(2);
      const socket = connect(i % 4 === 0 ? victim.endpoints.grpcPort : Number(port), "127.0.0.1");
      socket.on("error", () => {});
      socket.write(isWhole ? request : request.slice(0, random.below(request.length)));
      if (isWhole) socket.once("connect", () => setTimeout(() => socket.destroy(), random.below(5)));
      sockets.push(socket);
    }
    await delay(random.below(2_000));
    for (const socket of sockets) socket.destroy();
  },
} satisfies Readonly<Record<string, Fault>>;

export function signal(pid: number | null | undefined, name: NodeJS.Signals): void {
  if (pid === undefined || pid === null) return;
  try {
    process.kill(pid, name);
  } catch {
    // It is gone already, which is what may happen to it at any moment.
  }
}
