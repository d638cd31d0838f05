import { basename, dirname } from "node:path";
import type { RecordDefaults } from "../formats/record-builder.ts";

/** File names that say what kind of log it is rather than whose. */
const KINDS =
  /^(?:access|error|errors?|out|err|stdout|stderr|output|combined|current|default|log|logs|history|term|console|debug|info|warn|json|main|messages|server|app|application|service|\d+)$/i;
/** What a program's name is followed by in its logs' names: `web-error`, not `my_app`. */
const SUFFIXES = /^(?:access|errors?|out|err|stdout|stderr|output|combined|current|debug|info|warn)$/i;
/** Directories that hold logs rather than name a program. */
const HOLDERS = /^(?:logs?|var|tmp|data|home|root|srv|opt|mnt|private|\.|~|\d+)?$/i;

/**
 * What a file's path says of its records: `log.file.path` and `log.file.name`, and a guess at the service, which
 * is the file's name without date, number and extension, or its directory's where that only names a kind of log.
 *
 * Source: OpenTelemetry semantic conventions, "Log file"; Docker's and Kubernetes' places of container logs.
 *
 * @example
 * fileOrigin("/var/log/nginx/access.log").service; // "nginx"
 */
export function fileOrigin(path: string): RecordDefaults & { readonly attributes: readonly string[] } {
  const attributes = ["log.file.path", path, "log.file.name", basename(path)];
  const kubernetes = /\/pods\/([^/_]+)_([^/_]+)_[^/]+\/([^/]+)\/[^/]+$/.exec(path);
  if (kubernetes !== null) {
    const [, namespace, pod, container] = kubernetes;
    const resource = [
      "k8s.namespace.name",
      namespace!,
      "k8s.pod.name",
      pod!,
      "k8s.container.name",
      container!,
    ];
    return { service: container!, attributes, resource };
  }
  const docker = /\/containers\/([0-9a-f]{64})\/[^/]+$/.exec(path);
  if (docker !== null) return { attributes, resource: ["container.id", docker[1]!] };
  return { service: serviceOf(path), attributes };
}

function serviceOf(path: string): string {
  const name = programOf(basename(path));
  if (name !== "" && !KINDS.test(name)) return name;
  let directory = dirname(path);
  while (directory !== dirname(directory)) {
    const parent = basename(directory);
    if (!HOLDERS.test(parent)) return parent;
    directory = dirname(directory);
  }
  return name;
}

/** `postgresql-15-main.log.1` is by `postgresql`, `app.2026-11-21.log` by `app`, `web-error.log` by `web`. */
function programOf(name: string): string {
  const parts = name
    .split(/[._-]/)
    .filter((part) => part !== "" && !/^(?:\d+|log|txt|json|jsonl|gz)$/i.test(part));
  while (parts.length > 1 && SUFFIXES.test(parts.at(-1)!)) parts.pop();
  const first = parts[0] ?? "";
  const end = parts.length > 1 ? name.indexOf(parts.at(-1)!) + parts.at(-1)!.length : first.length;
  // Parts are kept with what joins them, up to the first number: `my-app`, not `my`.
  const kept = name.slice(0, Math.max(end, first.length));
  return kept.replace(/[._-]\d.*$/, "").replace(/^[._-]+/, "");
}
