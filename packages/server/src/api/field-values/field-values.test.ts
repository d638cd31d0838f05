import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { facetsResponse, fieldsResponse, valuesResponse } from "../../contract/index.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";
import { line } from "../testing/records.ts";

const HOUR = 3_600_000;

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.insertLogs([
    line({
      ago: 1_000,
      level: "error",
      service: "cart",
      attributes: ["http.route", "/cart", "region", "eu"],
    }),
    line({ ago: 2_000, level: "error", service: "cart", attributes: ["http.route", "/cart"] }),
    line({ ago: 3_000, level: "info", service: "Checkout", attributes: ["http.route", "/Pay"] }),
    line({
      ago: 4_000,
      level: "warn",
      service: "checkout",
      host: "",
      body: "slow",
      attributes: ["region", ""],
    }),
    line({ ago: 6 * HOUR, level: "info", service: "cart", attributes: ["http.route", "/old", "old", "1"] }),
    line({
      ago: 6 * HOUR,
      level: "info",
      service: "cart",
      attributes: ["service.name", "shadow", "scope.x", "y"],
    }),
  ]);
  // More distinct values than the rollup keeps.
  await api.insertLogs(
    Array.from({ length: 600 }, (_, index) =>
      line({ ago: 5 * HOUR, attributes: ["request.id", `r${index % 300}`], service: "ids" }),
    ),
  );
});
afterAll(() => api.close());

describe("facets", () => {
  it.each<[path: string, facets: Record<string, readonly string[]>]>([
    ["?fields=level", { level: ["error 2", "info 1", "warn 1"] }],
    ["?fields=service", { service: ["cart 2", "Checkout 1", "checkout 1"] }],
    ["?fields=host", { host: ["node-1 3"] }],
    ["?fields=http.route", { "http.route": ["/cart 2", "/Pay 1"] }],
    ["?fields=region", { region: ["eu 1"] }],
    ["?fields=nothing", { nothing: [] }],
    ["?fields=http.route&query=level%3Ainfo", { "http.route": ["/Pay 1"] }],
    ["?fields=http.route,level&query=cart", { "http.route": [], level: [] }],
    ["?fields=level&limit=1", { level: ["error 2"] }],
    ["?fields=level&from=now-1d&query=service%3Acart", { level: ["info 2", "error 2"] }],
    ["?fields=service.name", { "service.name": ["cart 2", "Checkout 1", "checkout 1"] }],
    ["?fields=resource.service.name", { "resource.service.name": ["cart 2", "Checkout 1", "checkout 1"] }],
    ["?fields=attributes.service.name&from=now-7h", { "attributes.service.name": ["shadow 1"] }],
    [
      "",
      {
        level: ["error 2", "info 1", "warn 1"],
        service: ["cart 2", "Checkout 1", "checkout 1"],
        logger: ["http 4"],
        host: ["node-1 3"],
        runtime: ["node 4"],
      },
    ],
  ])("%s", async (path, expected) => {
    const { facets, partial } = await api.get(`/logs/facets${path}`, facetsResponse);
    const shown = facets.map(({ field, values }) => [
      field,
      values.map(({ value, count }) => `${value} ${count}`),
    ]);
    expect(Object.fromEntries(shown)).toEqual(expected);
    expect(partial).toBe(false);
    expect(facets.every(({ approximate }) => approximate === path.includes("from=now-7h"))).toBe(true);
  });

  it("of a long window come from the hourly sums", async () => {
    const { facets, statistics } = await api.get(
      "/logs/facets?from=now-1d&fields=http.route",
      facetsResponse,
    );
    expect(facets).toEqual([
      {
        field: "http.route",
        values: [
          { value: "/cart", count: 2 },
          { value: "/Pay", count: 1 },
          { value: "/old", count: 1 },
        ],
        approximate: true,
      },
    ]);
    expect(statistics.rowsRead).toBeLessThan(300 * api.engine.nodes.length);
  });

  it("of an id, whose values the hourly sums don't keep, come from the records", async () => {
    const { facets } = await api.get("/logs/facets?from=now-1d&fields=request.id&limit=1", facetsResponse);
    expect(facets).toEqual([
      { field: "request.id", values: [{ value: "r0", count: 2 }], approximate: false },
    ]);
  });

  it.each([
    "?fields=",
    "?fields=,",
    `?fields=${Array.from({ length: 31 }, (_, i) => `f${i}`).join()}`,
    `?fields=${"f".repeat(600)}`,
    "?limit=1001",
  ])("refuses %s", async (path) => {
    expect(await api.refused(`/logs/facets${path}`)).toMatchObject({
      status: 400,
      body: { code: "POLYLOG_E_BAD_REQUEST" },
    });
  });
});

describe("values", () => {
  it.each<[path: string, values: readonly string[]]>([
    ["?field=service", ["cart 2", "Checkout 1", "checkout 1"]],
    ["?field=service&prefix=CH", ["Checkout 1", "checkout 1"]],
    ["?field=level&prefix=E", ["error 2"]],
    ["?field=http.route&prefix=%2Fp", ["/Pay 1"]],
    ["?field=http.route&prefix=%2Fo&from=now-1d", ["/old 1"]],
    ["?field=http.route&limit=1", ["/cart 2"]],
    ["?field=message&prefix=sl", ["slow 1"]],
    ["?field=service&prefix=%25", []],
    ["?field=service&query=slow", ["checkout 1"]],
    [`?field=${encodeURIComponent("'] OR 1=1 --")}`, []],
    [`?field=${encodeURIComponent("{q0:String}")}&prefix=${encodeURIComponent("\\'{")}`, []],
  ])("%s", async (path, expected) => {
    const { values } = await api.get(`/logs/values${path}`, valuesResponse);
    expect(values.map(({ value, count }) => `${value} ${count}`)).toEqual(expected);
  });

  it("need a field", async () => {
    expect(await api.refused("/logs/values")).toMatchObject({ status: 400 });
  });
});

describe("fields", () => {
  async function names(path: string): Promise<string[]> {
    const { fields } = await api.get(`/logs/fields${path}`, fieldsResponse);
    return fields.map(({ name, kind, count }) => `${kind} ${name} ${count}`);
  }

  it("are the columns, then attributes by how often they are there", async () => {
    const all = await names("?from=now-1h");
    expect(all[0]).toBe("column level 4");
    expect(all).toContain("column service 4");
    expect(all).toContain("attribute http.route 3");
    expect(all).toContain("attribute region 2");
    expect(all.indexOf("attribute http.route 3")).toBeLessThan(all.indexOf("attribute region 2"));
    expect(all).not.toContain("attribute old 1");
  });

  it.each<[path: string, names: readonly string[]]>([
    ["?prefix=HTTP&from=now-1d", ["attribute http.route 4"]],
    ["?prefix=old&from=now-1d", ["attribute old 1"]],
    ["?prefix=serv&from=now-1h", ["column service 4", "resource resource.service.name 4"]],
    ["?prefix=scope.x&from=now-1d", ["attribute attributes.scope.x 1"]],
    ["?prefix=level&limit=1", ["column level 4"]],
    ["?prefix=%25&from=now-1d", []],
  ])("%s", async (path, expected) => {
    expect(await names(path)).toEqual(expected);
  });
});
