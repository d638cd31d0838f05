import fc from "fast-check";
import { pino } from "pino";
import { expect, test } from "vitest";
import { recording } from "../testing/recording.ts";
import { polylogDestination } from "./index.ts";

test("any text is taken, and is one record", () => {
  const { polylog, records } = recording();
  const destination = polylogDestination({ polylog });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.json().map((json) => `{"level":30,"time":1,"x":${json}}`),
      ),
      (line) => {
        const before = records.length;
        destination.write(line);
        expect(records.length).toBe(before + 1);
      },
    ),
  );
});

test("whatever fields a call has, level, logger and message are pino's, and no field is lost", () => {
  const { polylog, records } = recording();
  const app = pino({ name: "app" }, polylogDestination({ polylog }));
  const key = fc.oneof(
    fc.string(),
    fc.constantFrom("level", "time", "pid", "hostname", "name", "message", "timestamp", "logger"),
  );
  const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
  fc.assert(
    fc.property(fc.dictionary(key, value), (fields) => {
      // These two have a meaning to pino.
      const { msg: _msg, err: _err, ...given } = fields;
      app.warn(given, "hello");
      const record = records.at(-1)!;
      expect(record).toMatchObject({ level: "warn", logger: "app", message: "hello" });
      expect(record.metadata ?? {}).toEqual(JSON.parse(JSON.stringify(given)));
    }),
  );
});
