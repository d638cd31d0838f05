import type { Client, Command } from "./client.ts";
import type { Kind } from "./operation.ts";
import { createTemplates, type Template } from "./template.ts";

/** What a command is told of by. */
export interface Description {
  readonly template: Template;
  /** How many keys a batch has. */
  readonly batchSize: number | undefined;
}

const templates = new WeakMap<Client, ReturnType<typeof createTemplates>>();

/** @param stepNameOf a better name for an `operate` of these arguments */
export function describe(
  { args, client }: Command,
  kind: Kind,
  stepNameOf: (args: readonly unknown[]) => string | undefined,
): Description {
  const { namespace, set, batchSize } = kind.targetOf(args);
  const name = (kind.hasSteps ? stepNameOf(args) : undefined) ?? kind.operation;
  return { template: templatesOf(client)(name, namespace, set), batchSize };
}

function templatesOf(client: Client): ReturnType<typeof createTemplates> {
  const known = templates.get(client);
  if (known !== undefined) return known;
  const made = createTemplates(client);
  templates.set(client, made);
  return made;
}
