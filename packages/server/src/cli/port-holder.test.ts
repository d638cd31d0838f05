import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, it } from "vitest";
import { PolylogError } from "../errors.ts";
import { portHolder, withPortHolder } from "./port-holder.ts";

it.runIf(process.platform === "linux")("names the process that listens on a port", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    const holder = await portHolder(port);
    expect(holder?.pid).toBe(process.pid);
    expect(holder?.command).not.toBe("");
  } finally {
    server.close();
  }
  await once(server, "close");
  expect(await portHolder(port)).toBeUndefined();
});

it("knows nothing where there is no /proc", async () => {
  expect(await portHolder(4318, "/nowhere")).toBeUndefined();
});

it("names the program that has the port which the error is about", async () => {
  const holderOf = async (port: number) => ({ pid: port, command: "other --serve" });
  const error = new PolylogError("POLYLOG_E_PORT_IN_USE", "Port 8080 on ::1 is in use.", { port: 8080 });
  expect(await withPortHolder(error, holderOf)).toMatchObject({
    code: "POLYLOG_E_PORT_IN_USE",
    message: "Port 8080 on ::1 is in use by process 8080 (other --serve).",
    port: 8080,
  });
});

it("leaves other errors, and ports whose holder isn't known, as they are", async () => {
  const inUse = new PolylogError("POLYLOG_E_PORT_IN_USE", "Port 80 is in use.", { port: 80 });
  const other = new Error("other");
  expect(await withPortHolder(inUse, async () => undefined)).toBe(inUse);
  expect(await withPortHolder(other, async () => ({ pid: 1, command: "init" }))).toBe(other);
});
