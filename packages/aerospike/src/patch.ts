import type { Command, CommandClasses } from "./client.ts";
import { type Kind, kindOf } from "./operation.ts";
import type { Telemetry } from "./running-operation.ts";
import { watchProcess, watchSendError } from "./watch-command.ts";

/** What all commands inherit from a base class that is made for each native function apart. */
type Base = Pick<Command, "asCommand" | "process" | "sendError">;

export interface Patches {
  /** Watches the commands of these classes, unless they are watched already. */
  apply(classes: CommandClasses): void;
  undo(): void;
}

export function createPatches(telemetry: Telemetry): Patches {
  const undos = new Map<Base, () => void>();
  return {
    apply(classes) {
      for (const base of basesOf(classes)) {
        // It only tells what the class was made with.
        const kind = kindOf(base.asCommand());
        if (kind !== undefined && !undos.has(base)) undos.set(base, patch(base, kind, telemetry));
      }
    },
    undo() {
      for (const undo of undos.values()) undo();
      undos.clear();
    },
  };
}

function patch(base: Base, kind: Kind, telemetry: Telemetry): () => void {
  const { process, sendError } = base;
  base.process = watchProcess(process, kind, telemetry);
  base.sendError = watchSendError(sendError, kind, telemetry);
  return () => Object.assign(base, { process, sendError });
}

function basesOf(classes: CommandClasses): Set<Base> {
  const bases = new Set<Base>();
  for (const { prototype } of Object.values(classes)) {
    for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at)) {
      if (Object.hasOwn(at, "process")) bases.add(at as Base);
    }
  }
  return bases;
}
