import { PolylogError } from "../../errors.ts";

const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address to send to. A secret travels in each request, so nothing but https is taken, unless the server is on
 * this machine or plain http is wanted.
 *
 * @throws PolylogError `POLYLOG_E_ENDPOINT`
 */
export function checkedEndpoint(sink: string, endpoint: string, isPlainAllowed: boolean): URL {
  // Nothing is shown of what can't be read, and no cause, which has it too: there may be a password in it.
  if (!URL.canParse(endpoint)) {
    throw new PolylogError("POLYLOG_E_ENDPOINT", `${sink}: the endpoint is no URL`, {
      remedy: "Give the whole address, such as https://logs.example.com.",
    });
  }
  const url = new URL(endpoint);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    // Of user:password@host, the user would be the protocol.
    const what = url.host === "" ? "what the endpoint begins with" : `${url.protocol}//${url.host}`;
    throw new PolylogError("POLYLOG_E_ENDPOINT", `${sink}: ${what} is not spoken here`, {
      remedy: "Give an address that starts with https://.",
    });
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
