import { PolylogError } from "../../errors.ts";

const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address to send to. A secret travels in each request, so nothing but https is taken, unless the server is on
 * this machine or plain http is wanted.
 *
 * @throws PolylogError `POLYLOG_E_ENDPOINT`
 */
export function checkedEndpoint(sink: string, endpoint: string, isPlainAllowed: boolean): URL {
  let url: URL;
  try {
    url = new URL(endpoint);
  } catch (cause) {
    throw new PolylogError("POLYLOG_E_ENDPOINT", `${sink}: "${endpoint}" is no URL`, {
      cause,
      remedy: "Give the whole address, such as https://logs.example.com.",
    });
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new PolylogError(
      "POLYLOG_E_ENDPOINT",
      `${sink}: ${url.protocol} in "${endpoint}" is not spoken here`,
      {
        remedy: "Give an address that starts with https://.",
      },
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new PolylogError(
      "POLYLOG_E_ENDPOINT",
      `${sink}: the endpoint at ${url.host} has a user or password in it`,
      {
        remedy: "Give the key as an option or a header.",
      },
    );
  }
  if (url.protocol === "http:" && !isPlainAllowed && !LOOPBACK.test(url.hostname)) {
    throw new PolylogError(
      "POLYLOG_E_ENDPOINT",
      `${sink}: ${url.origin} is not https, and the key would go there unprotected`,
      {
        remedy: "Use https, or set allowInsecureEndpoint if the network is safe.",
      },
    );
  }
  return url;
}
