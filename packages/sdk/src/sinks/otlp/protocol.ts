import type { Protocol } from "../delivery/delivery.ts";
import { judgeStatus, shown } from "../delivery/judge.ts";
import type { Answer, Verdict } from "../delivery/post.ts";

/** A record, ready to be sent. */
export interface OtlpItem {
  readonly resource: string;
  readonly scope: string;
  readonly text: string;
}

/** OTLP specification, "OTLP/HTTP Response": all others are final. */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/** How OTLP over HTTP words its requests and reads the answers, in JSON. */
export function otlpProtocol(url: string, headers: Readonly<Record<string, string>>): Protocol<OtlpItem> {
  return {
    encode: (items) => ({ url, headers, body: bodyOf(items) }),
    judge,
    sizeOf: (item) => item.text.length,
  };
}

/** `ExportLogsServiceRequest`: records by resource, then by logger. */
function bodyOf(items: readonly OtlpItem[]): string {
  const resources = new Map<string, Map<string, string[]>>();
  for (const { resource, scope, text } of items) {
    const scopes = resources.get(resource) ?? new Map<string, string[]>();
    resources.set(resource, scopes);
    const texts = scopes.get(scope);
    if (texts === undefined) scopes.set(scope, [text]);
    else texts.push(text);
  }
  const resourceLogs = [...resources].map(([resource, scopes]) => {
    const scopeLogs = [...scopes].map(
      ([scope, texts]) => `{"scope":{"name":${JSON.stringify(scope)}},"logRecords":[${texts.join(",")}]}`,
    );
    return `{"resource":${resource},"scopeLogs":[${scopeLogs.join(",")}]}`;
  });
  return `{"resourceLogs":[${resourceLogs.join(",")}]}`;
}

function judge(answer: Answer): Verdict {
  const verdict = judgeStatus(answer, (status) => PASSING.has(status));
  if (verdict.kind !== "taken") return verdict;
  const { rejected, message } = partialSuccess(answer.body);
  return { kind: "taken", rejected, reason: `the server rejects some: ${shown(message)}` };
}

/** What `ExportLogsServiceResponse` says of records that were not taken. */
function partialSuccess(body: string): { readonly rejected: number; readonly message: string } {
  try {
    const { partialSuccess: said } = JSON.parse(body) as {
      partialSuccess?: { rejectedLogRecords?: unknown; errorMessage?: unknown };
    };
    // A 64-bit integer: text by the book, a number from some.
    const rejected = Number(said?.rejectedLogRecords ?? 0);
    return { rejected: rejected > 0 ? rejected : 0, message: String(said?.errorMessage ?? "") };
  } catch {
    // Some answer with nothing, or in other words; a 2xx is a yes.
    return { rejected: 0, message: "" };
  }
}
