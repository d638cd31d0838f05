import { type Draft, type Format, newDraft } from "./format.ts";
import { setSeverity } from "./severity-text.ts";
import { scanTime } from "./time/scan.ts";

/** `host ident user [`: what stands before the time, an optional virtual host in front. */
const HEAD = /^(?:([\w.-]{1,253}):(\d{1,5}) )?([\da-zA-Z.:_-]{1,253}) (\S{1,128}) (.{1,128}?) \[/;

/**
 * The access logs of nginx, Apache and those who write like them, in the common and the combined form.
 * Attributes have OpenTelemetry's HTTP names; a server error is an error, a client's error a warning.
 *
 * Source: Apache HTTP Server 2.4, "Log Files"; OpenTelemetry semantic conventions, "HTTP".
 */
export const accessLog: Format = {
  name: "access-log",
  isSingleLine: true,
  detect: (line) => line.lastIndexOf(" [", 600) > 0 && /^[\da-zA-Z.:_-]+ /.test(line.slice(0, 300)),
  parse(line, clock) {
    const head = HEAD.exec(line.length > 700 ? line.slice(0, 700) : line);
    if (head === null) return undefined;
    const time = scanTime(line, head[0].length, clock);
    if (time === undefined || !line.startsWith('] "', time.end)) return undefined;
    const request = quoted(line, time.end + 2);
    if (request === undefined) return undefined;
    const status = /^ (\d{3}) (\d{1,15}|-)(?= |$)/.exec(line.slice(request.end, request.end + 24));
    if (status === null) return undefined;

    const draft = newDraft();
    draft.timestamp = time.nanoseconds;
    draft.body = `${request.text} ${status[1]}`;
    const attributes = draft.attributes;
    if (head[1]) attributes.push("server.address", head[1], "server.port", head[2]!);
    attributes.push("client.address", head[3]!);
    if (head[5] !== "-") attributes.push("user.name", head[5]!);
    readRequest(draft, request.text);
    attributes.push("http.response.status_code", status[1]!);
    if (status[2] !== "-") attributes.push("http.response.body.size", status[2]!);
    readCombined(draft, line, request.end + status[0].length);
    setSeverity(draft, severityOfStatus(Number(status[1])));
    return draft;
  },
};

function severityOfStatus(status: number): number {
  return status >= 500 ? 17 : status >= 400 ? 13 : 9;
}

/** `GET /path?query HTTP/1.1`; port scanners send anything but. */
function readRequest(draft: Draft, request: string): void {
  const method = request.indexOf(" ");
  const protocol = request.lastIndexOf(" HTTP/");
  if (method <= 0 || method > 32 || protocol < method) return;
  const target = request.slice(method + 1, protocol);
  const query = target.indexOf("?");
  draft.attributes.push(
    ...["http.request.method", request.slice(0, method)],
    ...["url.path", query < 0 ? target : target.slice(0, query)],
    ...["network.protocol.version", request.slice(protocol + 6)],
  );
  if (query >= 0) draft.attributes.push("url.query", target.slice(query + 1));
}

/** Referrer and user agent of the combined form, and what has been added behind. */
function readCombined(draft: Draft, line: string, start: number): void {
  if (line[start] !== " ") return;
  const referrer = quoted(line, start + 1);
  if (referrer === undefined) {
    extra(draft, line.slice(start + 1));
    return;
  }
  if (referrer.text !== "-") draft.attributes.push("http.request.header.referer", referrer.text);
  const agent = line[referrer.end] === " " ? quoted(line, referrer.end + 1) : undefined;
  if (agent !== undefined && agent.text !== "-") draft.attributes.push("user_agent.original", agent.text);
  extra(draft, line.slice((agent ?? referrer).end + 1));
}

function extra(draft: Draft, text: string): void {
  if (text !== "") draft.attributes.push("access_log.extra", text);
}

/** A text in quotes, in which Apache escapes quotes with a backslash (nginx writes `\x22`). */
function quoted(line: string, start: number): { readonly text: string; readonly end: number } | undefined {
  if (line[start] !== '"') return undefined;
  for (let at = start + 1; at < line.length; at++) {
    const c = line.charCodeAt(at);
    if (c === 92) at++;
    else if (c === 34) {
      const text = line.slice(start + 1, at);
      return { text: text.includes('\\"') ? text.replaceAll('\\"', '"') : text, end: at + 1 };
    }
  }
  return undefined;
}
