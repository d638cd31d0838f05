import { afterEach, describe, expect, it } from "vitest";
import { createProblems } from "../../problems.ts";
import { type Attempt, PatientFile } from "./patient-file.ts";

const MIB = 1024 * 1024;

let file: PatientFile | undefined;
afterEach(() => file?.close());

/** A file on a disk with room for so many bytes. */
function fileWith(room: number) {
  const disk = { room, bytes: 0, text: "" };
  const attempt: Attempt = {
    open() {},
    close() {},
    write(lines) {
      const written = Math.min(lines.length, disk.room);
      disk.room -= written;
      disk.bytes += written;
      if (lines.length < 100) disk.text += Buffer.from(lines.subarray(0, written)).toString();
      if (written === lines.length) return { written };
      return { written, error: Object.assign(new Error("full"), { code: "ENOSPC" }) };
    },
  };
  const told: string[] = [];
  const made = new PatientFile(
    "app.log",
    attempt,
    createProblems((line) => told.push(line)),
  );
  file = made;
  return { disk, file: made };
}

const lineOf = (bytes: number): Uint8Array => Buffer.alloc(bytes, "x").fill("\n", bytes - 1);

describe("a file that can't be written at times", () => {
  it("takes a record of any length while it can be", () => {
    const { disk, file } = fileWith(Number.POSITIVE_INFINITY);
    file.write(lineOf(6 * MIB), 1);
    expect([disk.bytes, file.dropped]).toEqual([6 * MIB, 0]);
  });

  it("keeps 4 MiB while it can't be, and counts what comes beyond", () => {
    const { disk, file } = fileWith(0);
    for (let i = 0; i < 5; i++) file.write(lineOf(MIB), 1);
    file.write(lineOf(6 * MIB), 1);
    expect(file.dropped).toBe(2);
    disk.room = Number.POSITIVE_INFINITY;
    file.retry();
    expect([disk.bytes, file.dropped]).toEqual([4 * MIB, 2]);
  });

  it("counts a record that is longer than what is kept, when that is the first it can't write", () => {
    const { file } = fileWith(0);
    file.write(lineOf(6 * MIB), 1);
    expect(file.dropped).toBe(1);
  });

  it("brings a record that it has begun to its end, however long it is", () => {
    const { disk, file } = fileWith(10);
    file.write(lineOf(6 * MIB), 1);
    file.write(Buffer.from("beyond\n"), 1);
    disk.room = Number.POSITIVE_INFINITY;
    file.retry();
    file.write(Buffer.from("next\n"), 1);
    expect(disk.bytes).toBe(6 * MIB + "next\n".length);
    expect([disk.text, file.dropped]).toEqual(["next\n", 1]);
  });
});
