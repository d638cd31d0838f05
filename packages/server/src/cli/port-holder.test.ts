import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, it } from "vitest";
import { portHolder } from "./port-holder.ts";

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
