import { describe, expect, it } from "vitest";
import type { PolylogError } from "../errors.ts";
import { loadConfig } from "./config.ts";

const TOKEN = "0123456789abcdef";
const TLS = { tlsCert: "cert.pem", tlsKey: "key.pem" };
const OPEN = { host: "0.0.0.0", authToken: TOKEN };

const load = (flags: Readonly<Record<string, unknown>>) =>
  loadConfig({ flags, environment: {}, directory: "/etc" });
const refusal = (flags: Readonly<Record<string, unknown>>) =>
  load(flags).then(
    () => expect.unreachable("it was taken"),
    (error: PolylogError) => error,
  );
const portsOf = async (flags: Readonly<Record<string, unknown>>) =>
  Object.fromEntries((await load(flags)).receivers.map(({ name, port }) => [name, port]));

describe("the receivers", () => {
  const usual = { syslog: 514, gelf: 12201, lumberjack: 5044, forward: 24224, scribe: 1463 };

  it.each<[list: unknown, flags: object, ports: Record<string, number>]>([
    [undefined, {}, {}],
    ["none", {}, {}],
    ["syslog", {}, { syslog: 514 }],
    ["gelf:12202, scribe", {}, { gelf: 12202, scribe: 1463 }],
    [["forward:0", "lumberjack"], {}, { forward: 0, lumberjack: 5044 }],
    ["all", {}, usual],
    ["all", TLS, { ...usual, "syslog-tls": 6514 }],
    ["all,syslog:5514", {}, { ...usual, syslog: 5514 }],
    ["Syslog", {}, { syslog: 514 }],
  ])("%j with %j are %j", async (receivers, flags, ports) => {
    expect(await portsOf({ receivers, ...flags })).toEqual(ports);
  });

  it.each<[list: string, says: RegExp, remedy: RegExp]>([
    ["sylog", /^--receivers can't be "sylog"/, /Give syslog, if that is meant/],
    ["beats", /can't be "beats"/, /Give lumberjack, if that is meant/],
    ["fluentd", /can't be "fluentd"/, /Give forward/],
    ["kafka", /can't be "kafka"/, /some of syslog, syslog-tls, gelf, lumberjack, forward, scribe/],
    ["gelf:70000", /can't be "gelf:70000"/, /a port from 0 to 65535/],
    ["__proto__", /can't be "__proto__"/, /some of/],
    ["gelf:5000,scribe:5000", /--receivers gelf and --receivers scribe are both 5000/, /another port/],
    ["gelf:4318", /--port \(by default\) and --receivers gelf are both 4318/, /another port/],
    ["syslog-tls", /syslog-tls needs a certificate/, /--tls-cert FILE --tls-key FILE/],
  ])("can't be %s", async (receivers, says, remedy) => {
    const error = await refusal({ receivers });
    expect(error.code).toBe("POLYLOG_E_CONFIG");
    expect(error.message).toMatch(says);
    expect(error.remedy).toMatch(remedy);
  });

  it("come from a variable, too", async () => {
    const environment = { POLYLOG_RECEIVERS: "gelf:0" };
    expect((await loadConfig({ environment, directory: "/etc" })).receivers).toMatchObject([
      { name: "gelf", port: 0 },
    ]);
  });
});

describe("a certificate", () => {
  it("lies where the configuration does", async () => {
    const { tls } = await load({ receivers: "gelf", ...TLS, tlsClientCa: "/ca.pem" });
    expect(tls).toEqual({ cert: "/etc/cert.pem", key: "/etc/key.pem", clientCa: "/ca.pem" });
  });

  it.each<[flags: object, says: RegExp]>([
    [{ receivers: "gelf", tlsCert: "cert.pem" }, /--tls-cert needs --tls-key/],
    [{ receivers: "gelf", tlsKey: "key.pem" }, /--tls-key needs --tls-cert/],
    [{ receivers: "gelf", tlsClientCa: "ca.pem" }, /--tls-client-ca needs --tls-cert/],
    [TLS, /--tls-cert says nothing/],
    [{ receivers: "syslog", ...TLS }, /--tls-cert says nothing/],
  ])("%j is half of something", async (flags, says) => {
    expect((await refusal({ ...flags })).message).toMatch(says);
  });
});

describe("who may send", () => {
  it.each<[what: string, flags: object, receiver: string]>([
    ["on the network", { ...OPEN, receivers: "syslog" }, "syslog"],
    ["where others are asked for a token", { authToken: TOKEN, receivers: "gelf" }, "gelf"],
    ["without HTTP and gRPC", { host: "::", port: "off", grpcPort: "off", receivers: "forward" }, "forward"],
    ["over TLS that anybody may speak", { ...OPEN, ...TLS, receivers: "lumberjack" }, "lumberjack"],
    ["when another is allowed", { ...OPEN, receivers: "scribe", openReceivers: "syslog" }, "scribe"],
    [
      "by datagrams, which carry no certificate",
      { ...OPEN, ...TLS, tlsClientCa: "ca", receivers: "gelf" },
      "gelf",
    ],
  ])("is to be said %s", async (_what, flags, receiver) => {
    const error = await refusal({ ...flags });
    expect(error.message).toContain(`${receiver} would take records from anybody`);
    expect(error.remedy).toContain(`llow it with --open-receivers ${receiver}`);
  });

  it.each<[what: string, flags: object, sharedKey: string | null]>([
    ["on loopback without a token", { receivers: "syslog" }, null],
    ["when it is allowed", { ...OPEN, receivers: "syslog", openReceivers: "syslog" }, null],
    ["when all are allowed", { ...OPEN, receivers: "gelf", openReceivers: "all" }, null],
    ["with certificates", { ...OPEN, ...TLS, tlsClientCa: "ca", receivers: "lumberjack" }, null],
    ["by the shared key, which is the token", { ...OPEN, receivers: "forward" }, TOKEN],
    [
      "without the key when that is allowed",
      { ...OPEN, receivers: "forward", openReceivers: "forward" },
      null,
    ],
  ])("is settled %s", async (_what, flags, sharedKey) => {
    expect((await load({ ...flags })).receivers).toMatchObject([{ sharedKey }]);
  });

  it("names only receivers that there are", async () => {
    expect((await refusal({ openReceivers: "sylog" })).remedy).toMatch(/syslog, if that is meant/);
  });
});
