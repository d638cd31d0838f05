import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadConfig } from "./config/config.ts";
import { openData } from "./data-directory.ts";
import type { Spool } from "./spool/spool.ts";
import { silentLog } from "./store/testing/store.ts";

const BATCH = { table: "otel_logs", columns: ["Body"], token: "t", rows: 7, block: [Buffer.alloc(10)] };

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "polylog-data-"));
});
afterEach(() => rm(data, { recursive: true, force: true }));

async function open(flags: Readonly<Record<string, string>> = {}): Promise<Spool | undefined> {
  const config = await loadConfig({ flags: { data, ...flags }, environment: {}, directory: data });
  return openData(config, silentLog);
}

describe.each([
  ["that is off", { spoolSize: "off" }],
  ["before a cluster", { engine: "clickhouse", clickhouseUrl: "http://a:8123,http://b:8123" }],
])("a spool %s", (_, flags) => {
  it("is none", async () => {
    expect(await open(flags)).toBeUndefined();
  });

  it("keeps the server from starting while one of before holds what was acknowledged", async () => {
    const before = await open();
    await before?.append(BATCH);
    await before?.close();
    await expect(open(flags)).rejects.toMatchObject({
      code: "POLYLOG_E_CONFIG",
      message: expect.stringContaining("holds 7 records"),
    });

    const after = await open();
    expect(await after?.peek()).toMatchObject({ token: "t" });
    await after?.shift();
    await after?.close();
    expect(await open(flags)).toBeUndefined();
  });
});
