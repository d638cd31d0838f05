import { describe, expect, it } from "vitest";
import { RECORDS, textOf, timeOf } from "../receivers/network-server.ts";
import { expectAll, useServer } from "./client.ts";
import { buildGoClient } from "./go-client.ts";

/** Docker's own log drivers, as its daemon runs them, against the whole server. */
const drivers = buildGoClient("docker", "Docker's log drivers");
const server = useServer(drivers, "forward:0,gelf:0,syslog:0");

const OPTIONS = ["tag={{.Name}}", "labels=team", "env=REGION"];

/** Sends as a container of this name; answers when its first line was written, in milliseconds since 1970. */
function run(driver: string, name: string, options: readonly string[], count = RECORDS): Promise<number> {
  return drivers.send([driver, name, String(count), ...OPTIONS, ...options]);
}

describe.skipIf(!drivers.isBuilt)("Docker's log driver", { timeout: 120_000 }, () => {
  it("fluentd", async () => {
    const address = `fluentd-address=127.0.0.1:${server.portOf("forward", "tcp")}`;
    const start = await run("fluentd", "docker-fluentd", [address]);
    const rows = await server.found("service:docker-fluentd");
    expectAll(rows, start);
    expect(rows.get(7)).toMatchObject({
      attributes: { source: "stderr", team: "cart", REGION: "eu", container_name: "/docker-fluentd" },
    });
  });

  it("fluentd, acknowledged, with sub-seconds", async () => {
    const address = `fluentd-address=127.0.0.1:${server.portOf("forward", "tcp")}`;
    const options = [address, "fluentd-request-ack=true", "fluentd-sub-second-precision=true"];
    // Each is sent when the one before it is committed.
    const start = await run("fluentd", "docker-acknowledged", options, 100);
    expectAll(await server.found("service:docker-acknowledged", 100), start);
  });

  it("gelf by TCP", async () => {
    const address = `gelf-address=tcp://127.0.0.1:${server.portOf("gelf", "tcp")}`;
    const start = await run("gelf", "docker-gelf", [address]);
    const rows = await server.found("service:docker-gelf");
    expectAll(rows, start);
    expect(rows.get(7)).toMatchObject({
      severityText: "err",
      attributes: { team: "cart", REGION: "eu", image_name: "shop:2", command: "node server.js" },
    });
    expect(rows.get(8)).toMatchObject({ severityText: "info" });
  });

  it("gelf by UDP, compressed", async () => {
    const address = `gelf-address=udp://127.0.0.1:${server.portOf("gelf", "udp")}`;
    const start = await run("gelf", "docker-gelf-udp", [address], 1000);
    expectAll(await server.found("service:docker-gelf-udp", 1000), start);
  });

  it.each(["rfc3164", "rfc5424", "rfc5424micro"])("syslog, %s", async (format) => {
    const address = `syslog-address=tcp://127.0.0.1:${server.portOf("syslog", "tcp")}`;
    const before = Date.now();
    const name = `docker-${format}`;
    await run("syslog", name, [address, `syslog-format=${format}`]);
    const rows = await server.found(`service:${name}`);
    for (const [number, row] of rows) {
      expect(row.body).toBe(textOf(number));
      // The driver stamps a line with when it sends it; most formats have whole seconds.
      expect(timeOf(row)).toBeGreaterThanOrEqual(before - 1000);
      expect(timeOf(row)).toBeLessThanOrEqual(Date.now());
    }
    expect(rows.get(7)).toMatchObject({ severityText: "err", attributes: { "syslog.facility": "daemon" } });
    expect(rows.get(8)).toMatchObject({ severityText: "info" });
  });

  it.each(["inline", "raw", "json"])("splunk, %s", async (format) => {
    const name = `docker-splunk-${format}`;
    const options = [`splunk-url=${server.address}`, "splunk-token=any", `splunk-format=${format}`];
    const start = await run("splunk", name, [...options, "splunk-gzip=true", `splunk-source=${name}`]);
    const rows = await server.found(`com.splunk.source:${name}`);
    for (const [number, row] of rows) {
      expect(row.body).toContain(textOf(number));
      expect(timeOf(row)).toBe(start + number * 1000);
    }
    if (format === "raw") return;
    expect(rows.get(7)).toMatchObject({
      body: textOf(7),
      attributes: { "log.iostream": "stderr", "docker.tag": name, "attrs.team": "cart" },
    });
  });
});
