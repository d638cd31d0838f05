import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createShiftedClock } from "./clock.ts";
import { createDisk } from "./disk.ts";
import { FAULTS } from "./faults.ts";
import type { Stage } from "./round.ts";
import { createVictim } from "./server.ts";

/** A server on a disk of its own, for some rounds. */
export interface OwnStage extends Stage, AsyncDisposable {}

export async function createStage(): Promise<OwnStage> {
  const disk = createDisk();
  const clock = createShiftedClock(disk.directory);
  const dataDirectory = join(disk.directory, "data");
  mkdirSync(dataDirectory);
  const victim = await createVictim({ dataDirectory, environment: clock.environment });
  const possible = Object.entries(FAULTS).filter(
    ([name]) => disk.unfillable === undefined || !/disk/i.test(name),
  );
  return {
    ...{ victim, disk, clock, faults: Object.fromEntries(possible), largest: 300 },
    async [Symbol.asyncDispose]() {
      await victim.kill();
      disk.remove();
    },
  };
}
