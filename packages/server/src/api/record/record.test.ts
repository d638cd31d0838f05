import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contextResponse, logRowSchema } from "../../contract/index.ts";
import { ID_STEP } from "../../store/id.ts";
import { before, NOW, startTestApi, type TestApi } from "../testing/api.ts";
import { line } from "../testing/records.ts";

let api: TestApi;
let first: bigint;
const FILE = ["log.file.path", "/var/log/app.log"];
beforeAll(async () => {
  api = await startTestApi();
  first = await api.insertLogs([
    line({ ago: 10_000, body: "a1", attributes: FILE }),
    line({ ago: 9_000, body: "other file", attributes: ["log.file.path", "/var/log/other.log"] }),
    line({ ago: 9_000, body: "no file" }),
    line({ ago: 8_000, body: "a2", attributes: FILE }),
    line({ ago: 8_000, body: "a3", attributes: FILE }),
    line({ ago: 8_000, body: "a4", attributes: FILE }),
    line({ ago: 7_000, body: "other host", host: "node-2", attributes: FILE }),
    line({ ago: 7_000, body: "other service", service: "mail", attributes: FILE }),
    line({ ago: 6_000, body: "a5", attributes: FILE }),
    line({ ago: 5 * 86_400_000, body: "a0, days ago", attributes: FILE }),
    line({ ago: 40 * 86_400_000, body: "months ago", attributes: FILE }),
  ]);
});
afterAll(() => api.close());

describe("a record", () => {
  it.each<[string, time: string]>([
    ["by its id", ""],
    ["by its id and time", `?time=${new Date(NOW - 8_000).toISOString()}`],
    ["by its id and time in nanoseconds", "?time=2026-11-20T11:59:52.000000000Z"],
    ["by its id, though the time is wrong", "?time=now-1d"],
  ])("is found %s", async (_, time) => {
    const record = await api.get(`/logs/${first + 4n * ID_STEP}${time}`, logRowSchema);
    expect(record).toMatchObject({ id: String(first + 4n * ID_STEP), body: "a3" });
  });

  it.each([
    "/logs/1",
    "/logs/0",
    "/logs/18446744073709551615",
    "/logs/18446744073709551616",
    "/logs/abc",
    "/logs/1;DROP",
  ])("is not found: %s", async (path) => {
    expect(await api.refused(path)).toMatchObject({ status: 404, body: { code: "POLYLOG_E_NOT_FOUND" } });
    expect(await api.refused(`${path}/context`)).toMatchObject({ status: 404 });
  });

  it.each([`/logs/1?time=soon`, `/logs/${"9".repeat(300)}`])("is refused: %s", async (path) => {
    expect(await api.refused(path)).toMatchObject({ status: 400, body: { code: "POLYLOG_E_BAD_REQUEST" } });
  });
});

describe("the context of a record", () => {
  it.each<[index: bigint, wish: string, before: readonly string[], after: readonly string[]]>([
    [4n, "", ["a0, days ago", "a1", "a2"], ["a4", "a5"]],
    [4n, "?before=1&after=1", ["a2"], ["a4"]],
    [4n, "?before=0&after=0", [], []],
    [4n, `?time=${NOW - 8_000}&before=2`, ["a1", "a2"], ["a4", "a5"]],
    [8n, "?before=2", ["a3", "a4"], []],
    // A record without a file has the whole of its service and host for neighbours.
    [2n, "?before=2", ["a1", "other file"], ["a2", "a3", "a4", "a5"]],
    [7n, "", [], []],
  ])("record %i%s", async (index, wish, before, after) => {
    const context = await api.get(`/logs/${first + index * ID_STEP}/context${wish}`, contextResponse);
    expect(context.before.map(({ body }) => body)).toEqual(before);
    expect(context.record.id).toBe(String(first + index * ID_STEP));
    expect(context.after.map(({ body }) => body)).toEqual(after);
  });

  it("follows the ids where times are equal", async () => {
    const at = 2 * 86_400_000;
    const id = await api.insertLogs(
      Array.from({ length: 100 }, (_, index) => line({ ago: at, service: "burst", body: `${index}` })),
    );
    const { before: earlier, after } = await api.get(
      `/logs/${id + 50n * ID_STEP}/context?before=3&after=3`,
      contextResponse,
    );
    expect(earlier.map(({ body }) => body)).toEqual(["47", "48", "49"]);
    expect(after.map(({ body }) => body)).toEqual(["51", "52", "53"]);
    expect(earlier[0]?.timestamp).toBe(
      new Date(Number(before(at) / 1_000_000n)).toISOString().replace("Z", "000000Z"),
    );
  });
});
