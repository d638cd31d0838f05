import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PolylogError } from "../errors.ts";
import { type ConfigSources, defaultDecodeThreads, loadConfig } from "./config.ts";

const TOKEN = "0123456789abcdef";
const CLICKHOUSE = { engine: "clickhouse", clickhouseUrl: "http://a:8123,http://b:8123" };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-config-"));
});
afterEach(() => rm(directory, { recursive: true }));

const load = (sources: ConfigSources) => loadConfig({ directory, environment: {}, ...sources });

async function refusal(sources: ConfigSources): Promise<PolylogError> {
  const error = await load(sources).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PolylogError);
  return error as PolylogError;
}

describe("a configuration", () => {
  it("gives the engine half of what the container has when nothing is said", async () => {
    vi.spyOn(process, "constrainedMemory").mockReturnValue(2 ** 30);
    const { engine } = await load({});
    vi.restoreAllMocks();
    expect(engine).toMatchObject({ memoryLimit: 2 ** 29 });
  });

  it("listens on loopback with OpenTelemetry's ports when nothing is said, and is frozen", async () => {
    const config = await load({ environment: { XDG_DATA_HOME: "/data" } });
    expect(config).toMatchObject({
      host: "127.0.0.1",
      port: 4318,
      grpcPort: 4317,
      authToken: null,
      tail: [],
    });
    expect(config).toMatchObject({ retentionDays: 30, logLevel: "info", engine: { kind: "embedded" } });
    expect(Object.isFrozen(config) && Object.isFrozen(config.engine) && Object.isFrozen(config.tail)).toBe(
      true,
    );
  });

  it("takes a flag before a variable before the file before the default", async () => {
    await writeFile(join(directory, "polylog.config.json"), '{"port": 1, "grpcPort": 2, "retentionDays": 3}');
    const environment = { POLYLOG_PORT: "11", POLYLOG_GRPC_PORT: "12" };
    expect(await load({ flags: { port: "21" }, environment })).toMatchObject({
      port: 21,
      grpcPort: 12,
      retentionDays: 3,
      host: "127.0.0.1",
    });
  });

  it("reads a module as well as JSON", async () => {
    await writeFile(
      join(directory, "polylog.config.mjs"),
      "export default { port: 2 * 21, tail: ['a.log'] };",
    );
    expect(await load({})).toMatchObject({ port: 42, tail: [join(directory, "a.log")] });
  });

  it("reads a file that is named and takes its paths relative to it", async () => {
    await writeFile(join(directory, "other.json"), '{"$schema": "x", "data": "here"}');
    const config = await load({ flags: { config: "other.json" }, environment: { POLYLOG_TAIL: "b.log" } });
    expect(config.dataDirectory).toBe(join(directory, "here"));
    expect(config.tail).toEqual([join(directory, "b.log")]);
  });

  it("passes over an empty variable", async () => {
    expect((await load({ environment: { POLYLOG_PORT: "" } })).port).toBe(4318);
  });

  it.each<[setting: string, text: unknown, expected: unknown]>([
    ["port", "off", { port: null }],
    ["port", "0", { port: 0 }],
    ["grpcPort", "65535", { grpcPort: 65535 }],
    ["host", "::1", { host: "::1" }],
    ["memoryLimit", "2GiB", { engine: { memoryLimit: 2 ** 31 } }],
    ["queryTimeout", "50s", { queryLimits: { timeout: 50_000 } }],
    ["queryMemory", "512MB", { queryLimits: { memory: 512e6 } }],
    ["queryRows", "5000", { queryLimits: { rows: 5000 } }],
    ["intakeMemory", "64MB", { intakeMemory: 64e6 }],
    ["decodeThreads", "0", { decodeThreads: 0 }],
    ["decodeThreads", "3", { decodeThreads: 3 }],
    ["spoolSize", "500MB", { spoolBytes: 500e6 }],
    ["spoolSize", "off", { spoolBytes: null }],
    ["spoolFirst", "syslog, gelf", { spoolFirst: ["syslog", "gelf"] }],
    ["spoolFirst", "syslog-tls", { spoolFirst: ["syslog"] }],
    ["fsync", "on", { syncsInserts: true }],
    ["tail", "/a/*.log, /b/{x,y}.log", { tail: ["/a/*.log", "/b/{x,y}.log"] }],
    ["tail", ["/a.log", "/b.log"], { tail: ["/a.log", "/b.log"] }],
    ["logLevel", "off", { logLevel: "off" }],
  ])("reads %s %j", async (name, value, expected) => {
    expect(await load({ flags: { [name]: value } })).toMatchObject(expected as object);
  });

  it.each([
    [1, 0],
    [2, 0],
    [3, 1],
    [6, 4],
    [64, 4],
  ])("on %i cores decodes on %i threads of their own", (cores, threads) => {
    expect(defaultDecodeThreads(cores)).toBe(threads);
  });

  it("reads a remote ClickHouse", async () => {
    const config = await load({ flags: CLICKHOUSE, environment: { POLYLOG_CLICKHOUSE_PASSWORD: "p" } });
    expect(config.engine).toEqual({
      kind: "clickhouse",
      urls: ["http://a:8123", "http://b:8123"],
      cluster: "polylog",
      user: "default",
      password: "p",
      database: "polylog",
    });
  });

  it.each<[wrong: string, flags: Record<string, unknown>, says: RegExp]>([
    ["a port that is none", { port: "80a" }, /^--port can't be "80a"/],
    ["a port out of range", { grpcPort: "65536" }, /^--grpc-port can't be "65536"/],
    ["a time without unit", { queryTimeout: "30" }, /^--query-timeout can't be "30"/],
    ["a size without sense", { memoryLimit: "lots" }, /^--memory-limit can't be "lots"/],
    ["fewer days than none", { retentionDays: "-1" }, /^--retention-days can't be "-1"/],
    ["an engine that isn't there", { engine: "sqlite" }, /^--engine can't be "sqlite"/],
    [
      "an address that isn't HTTP",
      { ...CLICKHOUSE, clickhouseUrl: "file:///x" },
      /^--clickhouse-url can't be/,
    ],
    ["an address with a password", { ...CLICKHOUSE, clickhouseUrl: "http://u:p@h" }, /carries a user/],
    ["a server that isn't named", { engine: "clickhouse" }, /no server is named/],
    [
      "a server that isn't used",
      { clickhouseUrl: "http://h" },
      /^--clickhouse-url says nothing to the embedded/,
    ],
    [
      "a database that isn't a name",
      { ...CLICKHOUSE, clickhouseDatabase: "a`b" },
      /^--clickhouse-database can't/,
    ],
    ["one port for two", { port: "5000", grpcPort: "5000" }, /both 5000/],
    [
      "the network without a token",
      { host: "0.0.0.0" },
      /^--host is 0\.0\.0\.0: that is more than this machine/,
    ],
    ["every address without a token", { host: "::" }, /^--host is ::/],
    [
      "a spool to be first that a cluster doesn't have",
      { ...CLICKHOUSE, spoolFirst: "syslog" },
      /^--spool-first says nothing where there is no spool: a cluster/,
    ],
    [
      "a spool to be first that is off",
      { spoolFirst: "syslog", spoolSize: "off" },
      /^--spool-first says nothing where there is no spool: --spool-size is off/,
    ],
    ["a file that is missing", { config: "missing.json" }, /missing\.json can't be read/],
  ])("refuses %s", async (_, flags, says) => {
    const error = await refusal({ flags });
    expect(error.code).toBe("POLYLOG_E_CONFIG");
    expect(error.message).toMatch(says);
  });

  it("listens on the network with a token", async () => {
    expect(await load({ flags: { host: "0.0.0.0", authToken: TOKEN } })).toMatchObject({ authToken: TOKEN });
  });

  it("never shows a secret that it refuses", async () => {
    const error = await refusal({ environment: { POLYLOG_AUTH_TOKEN: "hunter2" } });
    expect(error.message).toMatch(/^POLYLOG_AUTH_TOKEN can't be/);
    expect(error.message + error.remedy).not.toContain("hunter2");
  });

  it.each<[file: string, text: string, says: RegExp, remedy?: RegExp]>([
    [
      "polylog.config.json",
      '{"prot": 1}',
      /polylog\.config\.json: there is no setting "prot"/,
      /Did you mean port/,
    ],
    ["polylog.config.json", '{"__proto__": {"port": 1}}', /there is no setting "__proto__"/],
    [
      "polylog.config.json",
      '{"port": "x"}',
      /polylog\.config\.json: port can't be "x"/,
      /from 0 .* to 65535/,
    ],
    ["polylog.config.json", '{\n  "port": 1,\n}', /polylog\.config\.json:3:1: this isn't JSON/],
    ["polylog.config.json", "[]", /holds no settings/],
    ["polylog.config.mjs", "export const port = 1;", /holds no settings/, /export default/],
    ["polylog.config.mjs", "export default {", /can't be read/],
  ])("says where in %s %j is wrong", async (file, text, says, remedy = /(?:)/) => {
    await writeFile(join(directory, file), text);
    const error = await refusal({});
    expect(error.message).toMatch(says);
    expect(error.remedy ?? "").toMatch(remedy);
  });

  it("says that TypeScript needs another Node", async () => {
    if ("typescript" in process.features) return;
    await writeFile(join(directory, "polylog.config.ts"), "export default {};");
    const error = await refusal({});
    expect(error.message).toMatch(/TypeScript, which Node .* can't run/);
    expect(error.remedy).toContain("polylog.config.mjs");
  });

  it("refuses two files side by side", async () => {
    await writeFile(join(directory, "polylog.config.json"), "{}");
    await writeFile(join(directory, "polylog.config.mjs"), "export default {};");
    expect((await refusal({})).message).toContain("two configuration files");
  });

  it("points at a variable that is nearly one of its own, and at no other", async () => {
    const warnings: string[] = [];
    const environment = { POLYLOG_PROT: "1", POLYLOG_LEVEL: "debug", POLYLOG_COLOUR_OF_LOGO: "red" };
    await load({ environment, warn: (message) => warnings.push(message) });
    expect(warnings).toEqual(["POLYLOG_PROT is not known. Did you mean POLYLOG_PORT?"]);
  });
});
