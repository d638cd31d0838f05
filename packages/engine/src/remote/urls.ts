import { EngineError } from "../errors.ts";

/**
 * Checks the addresses of ClickHouse's HTTP interface and brings them into one form.
 *
 * @throws {@link EngineError} `POLYLOG_E_ENGINE_CONFIG`
 */
export function parseUrls(urls: readonly string[]): readonly string[] {
  if (urls.length === 0) throw wrong("No ClickHouse URL is given");
  return [...new Set(urls.map(parseUrl))];
}

function parseUrl(text: string): string {
  if (!URL.canParse(text)) throw wrong(`"${text}" is not a URL`);
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") throw wrong(`"${text}" is not an HTTP URL`);
  // Without the text: it has the password in it.
  if (url.username !== "" || url.password !== "") {
    throw wrong(`The URL of ${url.host} holds a user name or password; give them apart`);
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw wrong(`"${text}" has more than scheme, host and port`);
  }
  return url.origin;
}

function wrong(message: string): EngineError {
  return new EngineError("POLYLOG_E_ENGINE_CONFIG", message, { remedy: "Write it like http://HOST:8123." });
}
