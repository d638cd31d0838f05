import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import winston from "winston";
import untypedSyslog from "winston-syslog";
import { type Certificate, makeCertificate } from "./certificate.ts";
import { type NetworkServer, RECORDS, startNetworkServer, textOf, timeOf } from "./network-server.ts";
import { ensureProgram, type Program } from "./programs.ts";

/** logger, rsyslog, syslog-ng and winston-syslog against the whole server: what they send is found, in full. */
const logger = ensureProgram("logger", ["bsdutils"]);
const rsyslogd = ensureProgram("rsyslogd", ["rsyslog", "libestr0", "libfastjson4", "liblognorm5"]);
const syslogNg = ensureProgram("syslog-ng", ["syslog-ng-core", "libivykis0", "libnet1"]);

/** winston-syslog has no types. */
const { Syslog } = untypedSyslog as {
  Syslog: new (options: Readonly<Record<string, unknown>>) => winston.transport;
};

const LINES = `${Array.from({ length: RECORDS }, (_, i) => textOf(i)).join("\n")}\n`;

let server: NetworkServer;
let certificate: Certificate;
let directory: string;
let daemon: ChildProcess | undefined;

beforeAll(async () => {
  certificate = await makeCertificate();
  directory = await mkdtemp(join(tmpdir(), "polylog-syslog-"));
  await writeFile(join(directory, "lines.log"), LINES);
  server = await startNetworkServer("syslog:0,syslog-tls:0", [
    ...["--tls-cert", certificate.certFile, "--tls-key", certificate.keyFile],
  ]);
});
afterEach(async () => {
  if (daemon === undefined || daemon.exitCode !== null) return;
  const ended = once(daemon, "exit");
  daemon.kill("SIGTERM");
  await ended;
  daemon = undefined;
});
afterAll(async () => {
  await server?.stop();
  await certificate?.remove();
  await rm(directory, { recursive: true, force: true });
});

/** Tells an unpacked program where its modules are. */
function moduleFlag(flag: string, { root }: Program, folder: string): string[] {
  const found = root === "" ? undefined : expand(root, folder.split("/"));
  return found === undefined ? [] : [flag, found];
}

/** The first folder that fits; `*` stands for any name. */
function expand(root: string, [name, ...rest]: readonly string[]): string {
  if (name === undefined) return root;
  const real = name === "*" ? readdirSync(root).find((entry) => /[-.]/.test(entry)) : name;
  return expand(join(root, real ?? ""), rest);
}

/** Starts a daemon in the foreground with this configuration. */
async function startDaemon(
  { path, environment }: Program,
  name: string,
  configuration: string,
  flags: readonly string[],
): Promise<void> {
  const file = join(directory, `${name}.conf`);
  await writeFile(file, configuration);
  daemon = spawn(path, [...flags, "-f", file], { stdio: ["ignore", "ignore", "inherit"], env: environment });
}

describe.skipIf(logger === undefined)("logger", () => {
  it.each<[how: string, transport: "udp" | "tcp", flags: string[]]>([
    ["RFC 5424 over TCP", "tcp", ["--rfc5424", "--sd-id", "order@32473", "--sd-param", 'kind="express"']],
    ["RFC 5424 over TCP, octets counted", "tcp", ["--rfc5424", "--octet-count"]],
    ["RFC 3164 over TCP", "tcp", ["--rfc3164"]],
  ])("%s", async (how, transport, flags) => {
    const tag = `logger-${how.replace(/\W+/g, "-")}`;
    const before = Date.now();
    const child = spawn(
      logger!.path,
      [
        ...["--server", "127.0.0.1", "--port", String(server.portOf("syslog", transport)), `--${transport}`],
        ...["--tag", tag, "--id=4711", "--priority", "local3.warning", ...flags],
      ],
      { stdio: ["pipe", "ignore", "inherit"] },
    );
    child.stdin.end(LINES);
    await once(child, "exit");
    const rows = await server.found(`service:${tag}`);
    for (const [number, row] of rows) expect(row.body).toBe(textOf(number));
    const row = rows.get(7);
    expect(row).toMatchObject({
      ...{ level: "warn", severityText: "warning", service: tag, receiver: "syslog" },
      attributes: {
        "process.pid": "4711",
        "syslog.facility": "local3",
        ...(flags.includes("--sd-id") ? { "syslog.structured_data.order@32473.kind": "express" } : {}),
      },
    });
    // RFC 3164 has whole seconds.
    expect(timeOf(row)).toBeGreaterThanOrEqual(before - 1000);
    expect(timeOf(row)).toBeLessThanOrEqual(Date.now());
  });

  it("by datagrams", async () => {
    const child = spawn(
      logger!.path,
      [
        ...["--server", "127.0.0.1", "--port", String(server.portOf("syslog", "udp")), "--udp", "--rfc5424"],
        ...["--tag", "logger-udp", "--priority", "user.err"],
      ],
      { stdio: ["pipe", "ignore", "inherit"] },
    );
    child.stdin.end(LINES);
    await once(child, "exit");
    const rows = await server.found("service:logger-udp");
    expect(rows.get(9999)).toMatchObject({ body: textOf(9999), level: "error", severityText: "err" });
  });
});

describe.skipIf(rsyslogd === undefined)("rsyslog", () => {
  it.each([
    ["traditional", "tcp", 'TCP_Framing="traditional" template="RSYSLOG_TraditionalForwardFormat"'],
    ["octet-counted", "tcp", 'TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"'],
  ])("with %s framing", async (name, protocol, options) => {
    const before = Date.now();
    await startDaemon(
      rsyslogd!,
      `rsyslog-${name}`,
      `
        global(workDirectory="${await mkdtemp(join(directory, name))}")
        module(load="imfile")
        input(type="imfile" File="${join(directory, "lines.log")}" Tag="rsyslog-${name}:" Facility="local5"
              Severity="error" addMetadata="off" freshStartTail="off")
        action(type="omfwd" Target="127.0.0.1" Port="${server.portOf("syslog", "tcp")}" Protocol="${protocol}" ${options})
      `,
      ["-n", "-i", join(directory, `${name}.pid`), ...moduleFlag("-M", rsyslogd!, "usr/lib/*/rsyslog")],
    );
    const rows = await server.found(`service:rsyslog-${name}`);
    for (const [number, row] of rows) expect(row.body).toBe(textOf(number));
    expect(rows.get(42)).toMatchObject({
      ...{ level: "error", severityText: "err", receiver: "syslog", host: expect.stringMatching(/\w/) },
      attributes: { "syslog.facility": "local5" },
    });
    expect(Math.abs(timeOf(rows.get(42)) - before)).toBeLessThan(60_000);
  });
});

describe.skipIf(syslogNg === undefined)("syslog-ng", () => {
  it.each<[name: string, destination: () => string]>([
    ["bsd", () => `network("127.0.0.1" port(${server.portOf("syslog", "tcp")}) transport("tcp"))`],
    ["ietf", () => `syslog("127.0.0.1" port(${server.portOf("syslog", "tcp")}) transport("tcp"))`],
    [
      "tls",
      () =>
        `syslog("127.0.0.1" port(${server.portOf("syslog-tls", "tls")}) transport("tls")
          tls(ca-file("${certificate.certFile}") peer-verify(required-trusted)))`,
    ],
  ])("in its form %s", async (name, destination) => {
    await startDaemon(
      syslogNg!,
      `syslog-ng-${name}`,
      `@version: 3.38
        source lines {
          file("${join(directory, "lines.log")}" follow-freq(0.2) flags(no-parse)
               program-override("syslog-ng-${name}") default-priority(critical));
        };
        rewrite level { set-severity("critical"); };
        destination polylog { ${destination()}; };
        log { source(lines); rewrite(level); destination(polylog); };
      `,
      [
        ...["--foreground", "--no-caps", "--persist-file", join(directory, `${name}.persist`)],
        ...moduleFlag("--module-path", syslogNg!, "usr/lib/syslog-ng/*"),
        ...["--pidfile", join(directory, `${name}.pid`), "--control", join(directory, `${name}.ctl`)],
      ],
    );
    const rows = await server.found(`service:syslog-ng-${name}`);
    for (const [number, row] of rows) expect(row.body).toBe(textOf(number));
    expect(rows.get(0)).toMatchObject({ level: "fatal", severityText: "crit", receiver: "syslog" });
  });
});

describe("winston-syslog", () => {
  it.each<[protocol: string, endpoint: () => number]>([
    ["tcp4", () => server.portOf("syslog", "tcp")],
    ["tls4", () => server.portOf("syslog-tls", "tls")],
  ])("over %s", async (protocol, endpoint) => {
    const transport = new Syslog({
      ...{
        host: "localhost",
        port: endpoint(),
        protocol,
        app_name: `winston-${protocol}`,
        type: "5424",
        eol: "\n",
      },
      ...{ localhost: "web-1", facility: "local2", protocolOptions: { ca: certificate.cert } },
    });
    const log = winston.createLogger({
      levels: winston.config.syslog.levels,
      level: "debug",
      format: winston.format.printf(({ message }) => String(message)),
      transports: [transport],
    });
    const before = Date.now();
    for (let i = 0; i < RECORDS; i++) log.log(i % 2 === 0 ? "notice" : "error", textOf(i));
    const rows = await server.found(`service:winston-${protocol}`);
    for (const [number, row] of rows) {
      expect([row.body, row.severityText]).toEqual([textOf(number), number % 2 === 0 ? "notice" : "err"]);
    }
    expect(rows.get(42)).toMatchObject({ host: "web-1", attributes: { "syslog.facility": "local2" } });
    expect(Math.abs(timeOf(rows.get(42)) - before)).toBeLessThan(60_000);
    transport.close?.();
  });
});
