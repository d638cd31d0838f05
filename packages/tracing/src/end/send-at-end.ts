import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import type * as Transformer from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import type { Destination } from "../exporters/destination.ts";
import { load, resolveInstalled } from "../load.ts";
import type { Parcel } from "./parcel.ts";

/**
 * Sends spans and waits without giving way, for at most `timeout` milliseconds: a process that is about to end can't wait for an
 * answer, but it can wait for a child. Costs what it takes to start a Node.
 *
 * @returns true when the collector took them
 */
export function sendAtEnd(spans: ReadableSpan[], destination: Destination, timeout: number): boolean {
  // In a packaged application the executable is the application, and would start a second time.
  if (!/[/\\]node(?:\.exe)?$/.test(process.execPath)) return false;
  try {
    return sendByChild(spans, destination, timeout);
  } catch {
    // Where children are forbidden, or a bundle has left their program behind: the end must not become another.
    return false;
  }
}

function sendByChild(spans: ReadableSpan[], destination: Destination, timeout: number): boolean {
  const parcel: Parcel = {
    protocol: destination.protocol,
    ...(destination.url === undefined ? {} : { url: destination.url }),
    ...(destination.headers === undefined ? {} : { headers: destination.headers }),
    body: Buffer.from(encode(spans, destination)).toString("base64"),
  };
  // What the application loads at its start is of no use to the child.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { status } = spawnSync(process.execPath, [programPath()], {
    input: JSON.stringify(parcel),
    stdio: ["pipe", "ignore", "ignore"],
    timeout,
    windowsHide: true,
    env,
  });
  return status === 0;
}

function encode(spans: ReadableSpan[], { protocol }: Destination): Uint8Array {
  const { JsonTraceSerializer, ProtobufTraceSerializer } = load<typeof Transformer>(
    "@opentelemetry/otlp-transformer",
  );
  const serializer = protocol === "http/json" ? JsonTraceSerializer : ProtobufTraceSerializer;
  return serializer.serializeRequest(spans) ?? new Uint8Array();
}

/** By the package's name: this code may stand in a bundle of another folder. */
function programPath(): string {
  return join(dirname(resolveInstalled("@polylog/tracing/package.json")), "dist", "end", "send.js");
}
