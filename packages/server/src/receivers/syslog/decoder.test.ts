import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UTC } from "../../formats/time/zone.ts";
import { createSyslogDecoder } from "./decoder.ts";

const NOW = BigInt(Date.UTC(2026, 10, 21, 12)) * 1_000_000n;
const AT = BigInt(Date.UTC(2026, 10, 21, 10, 41, 7)) * 1_000_000n;
const arrival = { address: "10.0.0.5", now: NOW };

/** What a message says, attributes as an object and what is empty left out. */
function said(message: string, cutBytes = 0): Record<string, unknown> {
  const record = createSyslogDecoder(UTC)(message, { ...arrival, cutBytes });
  const attributes: Record<string, string> = {};
  for (let i = 0; i < record.attributes.length; i += 2)
    attributes[record.attributes[i]!] = record.attributes[i + 1]!;
  const { timestamp, severityNumber, severityText, body, resource } = record;
  const { host, serviceName: service } = resource;
  return { timestamp, severityNumber, severityText, host, service, body, attributes };
}

const rfc3164 = { timestamp: AT, severityNumber: 9, severityText: "info", host: "web-1", body: "ready" };
const daemon = { "syslog.facility": "daemon" };

describe("syslog", () => {
  it.each<[from: string, message: string, expected: Record<string, unknown>]>([
    [
      "RFC 5424 with structured data",
      '<165>1 2026-11-21T10:41:07.000000Z web-1 shop 812 ID47 [order@32473 id="7" note="a \\"b\\" \\]"][x y="z"] \u{FEFF}late',
      {
        ...{ timestamp: AT, severityNumber: 10, severityText: "notice", host: "web-1", service: "shop" },
        body: "late",
        attributes: {
          ...{ "process.pid": "812", "syslog.msg.id": "ID47", "syslog.facility": "local4" },
          ...{ "syslog.structured_data.order@32473.id": "7", "syslog.structured_data.x.y": "z" },
          "syslog.structured_data.order@32473.note": 'a "b" ]',
        },
      },
    ],
    [
      "RFC 5424 with nothing but its head",
      "<0>1 - - - - - -",
      {
        ...{ timestamp: NOW, severityNumber: 24, severityText: "emerg", host: "10.0.0.5", service: "" },
        ...{ body: "", attributes: { "syslog.facility": "kern" } },
      },
    ],
    [
      "RFC 3164",
      "<30>Nov 21 10:41:07 web-1 sshd[812]: ready",
      { ...rfc3164, service: "sshd", attributes: { ...daemon, "process.pid": "812" } },
    ],
    [
      "RFC 3164 with rsyslog's time",
      "<30>2026-11-21T12:41:07.000000+02:00 web-1 sshd: ready",
      { ...rfc3164, service: "sshd", attributes: daemon },
    ],
    [
      "an IPv6 host",
      "<30>Nov 21 10:41:07 fe80::1 app: ready",
      { ...rfc3164, host: "fe80::1", service: "app", attributes: daemon },
    ],
    [
      "Docker and logger without a host",
      "<30>Nov 21 10:41:07 3f1c2b7a9d10[812]: ready",
      {
        ...rfc3164,
        host: "10.0.0.5",
        service: "3f1c2b7a9d10",
        attributes: { ...daemon, "process.pid": "812" },
      },
    ],
    [
      "a tag without host whose message has a colon",
      "<30>Nov 21 10:41:07 app: state: ready",
      { ...rfc3164, host: "10.0.0.5", service: "app", body: "state: ready", attributes: daemon },
    ],
    [
      "a message without a tag",
      "<30>Nov 21 10:41:07 ready when you are",
      { ...rfc3164, host: "10.0.0.5", service: "", body: "ready when you are", attributes: daemon },
    ],
    [
      "a priority and no more",
      "<11>ready",
      {
        ...{ timestamp: NOW, severityNumber: 17, severityText: "err", host: "10.0.0.5", service: "" },
        ...{ body: "ready", attributes: { "syslog.facility": "user" } },
      },
    ],
    [
      "a tag and no time",
      "<30>app[7]: ready",
      {
        ...{ timestamp: NOW, severityNumber: 9, severityText: "info", host: "10.0.0.5", service: "app" },
        ...{ body: "ready", attributes: { ...daemon, "process.pid": "7" } },
      },
    ],
    [
      "no priority",
      "WARNING: the disk is nearly full",
      {
        ...{ timestamp: NOW, severityNumber: 13, severityText: "WARNING", host: "10.0.0.5", service: "" },
        ...{ body: "WARNING: the disk is nearly full", attributes: {} },
      },
    ],
    [
      "RFC 5424 whose structured data never ends",
      '<30>1 2026-11-21T10:41:07Z web-1 app - - [x y="z',
      {
        ...{ timestamp: NOW, severityNumber: 9, severityText: "info", host: "10.0.0.5", service: "" },
        ...{ body: '1 2026-11-21T10:41:07Z web-1 app - - [x y="z', attributes: daemon },
      },
    ],
  ])("reads %s", (_from, message, expected) => {
    expect(said(message)).toEqual(expected);
  });

  it("says how much was cut off", () => {
    expect(said("<30>ready", 12)).toMatchObject({ attributes: { "polylog.truncated_bytes": "12" } });
  });

  it("makes a record of any text, in time that grows with its length", () => {
    const parts = fc.constantFrom(
      "<13>",
      "1 ",
      "Nov 21 10:41:07 ",
      "[",
      '"',
      "\\",
      "]",
      "a",
      ": ",
      "\u{FEFF}",
      "=",
      " ",
    );
    const texts = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.array(parts, { maxLength: 60 }).map((all) => all.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(createSyslogDecoder(UTC)(text, arrival).resource.host).not.toBe("");
      }),
      { numRuns: 2000 },
    );
    for (const unit of ["[x y=", "a ", "<13>", ": ", '\\"']) {
      const start = performance.now();
      said(`<13>1 - - - - - ${unit.repeat(200_000)}`);
      expect(performance.now() - start).toBeLessThan(500);
    }
  });
});
