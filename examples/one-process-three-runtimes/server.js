import { randomBytes, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { getLogger } from "polylog";
import { requestLog } from "polylog/http";
import { startReceipts } from "./receipts.js";

const log = getLogger("shop.orders");
// Rust, in this process.
const ADDON = "../../crates/polylog/examples/rust-addon/core.node";
const core = createRequire(import.meta.url)(process.env.SHOP_CORE ?? ADDON);
// Python, beside it.
const receipts = startReceipts();

const server = createServer(
  requestLog(
    async (request, response) => {
      const order = Number(/^\/orders\/(\d{1,6})$/.exec(request.url)?.[1]);
      if (Number.isNaN(order)) return response.writeHead(404).end();
      log.info("asked for a receipt", { order });
      try {
        const cents = await core.price(order);
        response.end(`${await receipts.write(order, cents)}\n`);
      } catch (error) {
        log.error("there is no receipt", error, { order });
        response.writeHead(500).end();
      }
    },
    { context: () => ({ invocation: randomUUID(), trace: newTrace() }) },
  ),
);

server.listen(process.env.PORT ?? 3000, () => log.info("listening", { port: server.address().port }));

process.once("SIGTERM", () => {
  receipts.stop();
  server.close();
  server.closeAllConnections();
});

/** For callers that bring none in `traceparent`. */
function newTrace() {
  return { traceId: randomBytes(16).toString("hex"), spanId: randomBytes(8).toString("hex"), traceFlags: 1 };
}
