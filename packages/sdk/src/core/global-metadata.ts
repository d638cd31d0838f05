import { messageOf } from "../format/error.ts";
import type { Problems } from "../problems.ts";

/**
 * A function that asks for global metadata, and gives `undefined` where that fails: told once, and the record goes
 * without it. What is logged by the asking goes without it, too.
 */
export function askSafely(source: () => object | undefined, problems: Problems): () => object | undefined {
  let isAsking = false;
  return () => {
    if (isAsking) return undefined;
    isAsking = true;
    let reason: string;
    try {
      const metadata: unknown = source();
      if (metadata === undefined || metadata === null) return undefined;
      if (typeof metadata === "object" && !(metadata instanceof Promise)) return metadata;
      if (metadata instanceof Promise) metadata.catch(() => {});
      reason = "it gave no object";
    } catch (error) {
      reason = messageOf(error);
    } finally {
      isAsking = false;
    }
    const message = `globalMetadata failed, records go without it: ${reason}`;
    problems.tell("POLYLOG_E_METADATA", "globalMetadata", message);
    return undefined;
  };
}
