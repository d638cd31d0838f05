import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "../server-process.ts";
import { findAll } from "./find-all.ts";

/** Debian's package systemd-journal-remote: it writes journals, and uploads them. */
const REMOTE = "/usr/lib/systemd/systemd-journal-remote";
const UPLOAD = "/usr/lib/systemd/systemd-journal-upload";
const isThere = [REMOTE, UPLOAD].every((program) => spawnSync(program, ["--version"]).status === 0);
if (!isThere)
  console.log("skipped: systemd-journal-upload is not installed (package systemd-journal-remote)");

const RECORDS = 10_000;
/** Microseconds since 1970. */
const START = 1_795_257_667_000_000;

let server: ServerProcess;
let directory: string;
beforeAll(async () => {
  server = await startServerProcess();
  directory = await mkdtemp(join(tmpdir(), "polylog-journal-"));
});
afterAll(async () => {
  await server.stop();
  await rm(directory, { recursive: true });
});

/** The entries of a journal in the export format; each tenth has a text of two lines, which is sent as bytes. */
function entries(): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0; i < RECORDS; i++) {
    const fields = [
      `__CURSOR=s=0123456789abcdef0123456789abcdef;i=${(i + 1).toString(16)};b=fedcba9876543210fedcba9876543210;m=${i + 1};t=${START + i * 1000};x=${i}`,
      ...[`__REALTIME_TIMESTAMP=${START + i * 1000}`, `__MONOTONIC_TIMESTAMP=${i + 1}`],
      ...[
        "_BOOT_ID=fedcba9876543210fedcba9876543210",
        "_HOSTNAME=web-1",
        "PRIORITY=4",
        "SYSLOG_IDENTIFIER=shop",
      ],
      ...["_PID=12", "_SYSTEMD_UNIT=shop.service", `ORDER=${i}`],
    ];
    parts.push(Buffer.from(`${fields.join("\n")}\n`));
    const text = i % 10 === 9 ? `order ${i} is late\nvery late` : `order ${i} is late`;
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
    parts.push(Buffer.from("MESSAGE\n"), length, Buffer.from(`${text}\n\n`));
  }
  return Buffer.concat(parts);
}

it.skipIf(!isThere)(
  "systemd-journal-upload: all entries are found again, with time, severity, text and fields",
  async () => {
    const exported = join(directory, "entries.export");
    const journal = join(directory, "shop.journal");
    await writeFile(exported, entries());
    await promisify(execFile)(REMOTE, [`--output=${journal}`, exported]);
    const { stderr } = await promisify(execFile)(UPLOAD, [
      ...[
        "--follow=no",
        `--url=${server.address}`,
        `--file=${journal}`,
        `--save-state=${join(directory, "state")}`,
      ],
    ]);
    expect(stderr).not.toMatch(/fail|error/i);
    expect(await readFile(join(directory, "state"), "utf8")).toContain("LAST_CURSOR=");

    const rows = await findAll(server, "receiver:journald", RECORDS);
    expect(rows.map((row) => row.attributes.ORDER)).toEqual(
      Array.from({ length: RECORDS }, (_, i) => String(i)),
    );
    expect(rows[7]).toMatchObject({
      ...{ timestamp: "2026-11-21T10:41:07.007000000Z", level: "warn", severityText: "warning" },
      ...{ service: "shop", host: "web-1", body: "order 7 is late" },
      attributes: { ORDER: "7", "process.pid": "12", _SYSTEMD_UNIT: "shop.service" },
    });
    expect(rows[9]!.body).toBe("order 9 is late\nvery late");
  },
);

it("an export that is posted by hand", async () => {
  const body = "__REALTIME_TIMESTAMP=1795257667123456\nMESSAGE=by hand\nPRIORITY=3\n\n";
  const response = await fetch(`${server.address}/upload`, { method: "POST", body });
  expect([response.status, await response.text()]).toEqual([202, "OK.\n"]);
  const [row] = await findAll(server, '"by hand"', 1);
  expect(row).toMatchObject({ level: "error", timestamp: "2026-11-21T10:41:07.123456000Z" });
});
