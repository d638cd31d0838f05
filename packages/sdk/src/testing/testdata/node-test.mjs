import { test } from "node:test";
import { getLogger } from "polylog";
import { assertLogged, assertNotLogged, captureLogs } from "polylog/testing";

const log = getLogger("shop");
const work = () => log.warn("card declined", { orderId: 17 });

test("what was logged", async () => {
  const logs = await captureLogs(work);
  assertLogged(logs, { level: "warn", message: "card declined", metadata: { orderId: 17 } }, 1);
  assertNotLogged(logs, { level: "error" });
});

test("what was not", async () => {
  assertLogged(await captureLogs(work), { message: "paid" });
});

test("what should not have been", async () => {
  assertNotLogged(await captureLogs(work), { message: /declined/ });
});
