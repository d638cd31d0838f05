import { createSocket } from "node:dgram";
import { expect, it } from "vitest";
import { type Counts, capturingIntake, receiverContext } from "../../testing/capturing-intake.ts";
import { listenTcpAndUdp } from "./tcp-and-udp.ts";

it("a datagram that is a fault of ours is counted and told, and the next one is taken", async () => {
  const counts: Counts = {};
  const errors: string[] = [];
  const taken: string[] = [];
  const listener = await listenTcpAndUdp(
    {
      ...{ receiver: "test", host: "127.0.0.1", port: 0, protocol: { converse: () => ({}) } as never },
      context: receiverContext(capturingIntake(), { counts, errors }),
    },
    (bytes) => {
      if (bytes.length === 0) throw new TypeError("no");
      taken.push(bytes.toString());
    },
  );
  const client = createSocket("udp4").unref();
  try {
    for (const datagram of ["", "next"]) client.send(Buffer.from(datagram), listener.port, "127.0.0.1");
    await expect.poll(() => taken).toEqual(["next"]);
  } finally {
    client.close();
    await listener.stop(0);
  }
  expect(counts).toEqual({ "rejected internal": 1 });
  expect(errors).toEqual([expect.stringContaining("a datagram could not be taken")]);
});
