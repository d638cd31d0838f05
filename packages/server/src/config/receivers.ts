import { PolylogError } from "../errors.ts";
import { isLoopback } from "./loopback.ts";
import type { ReceiverChoice, ReceiverName } from "./receiver-choice.ts";
import type { ReceiverConfig, TlsFiles } from "./server-config.ts";
import { flagOf, type SettingName, type Settings } from "./settings.ts";

/** Where a setting was found, for people. */
export type Place = (name: SettingName) => string;

/** How a receiver can learn who sends. */
const ASKS_BY: Readonly<Record<ReceiverName, "shared key" | "certificate" | "nothing">> = {
  // Both listen for datagrams, too, which carry no credentials.
  syslog: "nothing",
  gelf: "nothing",
  "syslog-tls": "certificate",
  lumberjack: "certificate",
  scribe: "certificate",
  forward: "shared key",
};

/**
 * The receivers that were chosen.
 *
 * @throws PolylogError `POLYLOG_E_CONFIG` when one needs a certificate, or would take records from people who the
 * server would otherwise ask for its token
 */
export function receiverConfigs(settings: Settings, place: Place): readonly ReceiverConfig[] {
  const hasTls = settings.tlsCert !== undefined;
  const chosen = settings.receivers.filter(({ name, isNamed }) => hasTls || isNamed || name !== "syslog-tls");
  return chosen.map((choice) => {
    if (choice.name === "syslog-tls" && !hasTls) throw withoutCertificate(place);
    refuseAskingNobody(choice, settings, place);
    const { name, port } = choice;
    const asks = ASKS_BY[name] === "shared key" && !settings.openReceivers.includes(name);
    return Object.freeze({ name, port, sharedKey: asks ? (settings.authToken ?? null) : null });
  });
}

/** @param path the absolute path of a setting that names a file */
export function tlsFiles(
  settings: Settings,
  place: Place,
  path: (name: "tlsCert" | "tlsKey" | "tlsClientCa") => string,
): TlsFiles | null {
  const { tlsCert, tlsKey, tlsClientCa, receivers } = settings;
  if (tlsCert === undefined && tlsKey === undefined && tlsClientCa === undefined) return null;
  for (const [name, other] of [
    ["tlsCert", "tlsKey"],
    ["tlsKey", "tlsCert"],
    ["tlsClientCa", "tlsCert"],
  ] as const) {
    if (settings[name] === undefined || settings[other] !== undefined) continue;
    throw new PolylogError("POLYLOG_E_CONFIG", `${place(name)} needs ${flagOf(other)} beside it.`, {
      remedy: "A certificate and its private key go together, each a file in PEM.",
    });
  }
  if (receivers.every(({ name }) => name === "syslog")) {
    throw new PolylogError("POLYLOG_E_CONFIG", `${place("tlsCert")} says nothing: no receiver speaks TLS.`, {
      remedy: "Add --receivers syslog-tls, for one. HTTP and gRPC speak TLS behind a proxy.",
    });
  }
  return Object.freeze({
    cert: path("tlsCert"),
    key: path("tlsKey"),
    clientCa: tlsClientCa === undefined ? null : path("tlsClientCa"),
  });
}

/** As soon as the server asks for a token, or the network reaches it, who may send is to be said. */
function refuseAskingNobody({ name }: ReceiverChoice, settings: Settings, place: Place): void {
  const isPrivate = settings.authToken === undefined && isLoopback(settings.host);
  if (isPrivate || settings.openReceivers.includes(name)) return;
  const by = ASKS_BY[name];
  if (by === "shared key" && settings.authToken !== undefined) return;
  if (by === "certificate" && settings.tlsClientCa !== undefined) return;
  const why = isLoopback(settings.host)
    ? "the server asks for a token, which this protocol can't carry"
    : `${place("host")} is ${settings.host}, and this protocol can't carry a token`;
  const allow = `llow it with --open-receivers ${name}.`;
  throw new PolylogError(
    "POLYLOG_E_CONFIG",
    `${place("receivers")}: ${name} would take records from anybody: ${why}.`,
    {
      remedy:
        by === "certificate"
          ? `Ask senders for a certificate with --tls-client-ca FILE, or a${allow}`
          : `A${allow}`,
    },
  );
}

function withoutCertificate(place: Place): PolylogError {
  return new PolylogError("POLYLOG_E_CONFIG", `${place("receivers")}: syslog-tls needs a certificate.`, {
    remedy: "Add --tls-cert FILE --tls-key FILE.",
  });
}
