import { expect, it } from "vitest";
import type { ImportedFile } from "../files/import.ts";
import { fileLine, labelOf, totalsLine } from "./import-report.ts";

const file: ImportedFile = {
  file: "/var/log/dpkg.log",
  format: "dpkg",
  share: 1,
  records: 1234,
  withTime: 1234,
  withLevel: 0,
  bytesRead: 99,
  droppedBytes: 0,
};

it.each<[given: Partial<ImportedFile>, expected: string]>([
  [{}, "/var/log/dpkg.log: 1,234 records, dpkg"],
  [{ records: 1, withTime: 1 }, "/var/log/dpkg.log: 1 record, dpkg"],
  [{ share: 0.825 }, "/var/log/dpkg.log: 1,234 records, dpkg (82 % of the lines)"],
  [{ withTime: 34 }, "/var/log/dpkg.log: 1,234 records, dpkg, 1,200 without a time of their own"],
  [{ droppedBytes: 5000 }, "/var/log/dpkg.log: 1,234 records, dpkg, 5,000 bytes of overlong lines left out"],
  [{ file: "-", records: 0, withTime: 0 }, "standard input: 0 records"],
  [{ file: "a\u001b[2J" }, "a\\x1b[2J: 1,234 records, dpkg"],
])("a file with %j is reported", (given, expected) => {
  expect(fileLine({ ...file, ...given })).toBe(expected);
});

it("sums up", () => {
  expect(totalsLine({ records: 10_000, files: 2, failed: 0, elapsed: 2000 })).toBe(
    "10,000 records from 2 files in 2.0 s (5,000/s).",
  );
  expect(totalsLine({ records: 0, files: 0, failed: 1, elapsed: 0 })).toBe(
    "0 records from 0 files in 0.0 s (0/s). 1 file could not be imported.",
  );
});

it("labels progress", () => {
  expect([labelOf("a.log", 1, 1), labelOf("a.log", 2, 5)]).toEqual(["a.log", "2/5 a.log"]);
});
