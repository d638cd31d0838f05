import Fastify, { LogController } from "fastify";
import { fastifyLogger, requestId, requestLog } from "polylog/fastify";

const app = Fastify({
  loggerInstance: fastifyLogger({ logger: "shop.users" }),
  genReqId: requestId,
  // Polylog's line takes the place of Fastify's two.
  logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: "requestId" }),
});

app.register(requestLog);

app.get("/users/:id", async (request) => {
  request.log.info({ user: request.params.id }, "found a user");
  return { id: request.params.id };
});

app.get("/broken", async () => {
  throw new Error("out of order");
});

await app.listen({ port: Number(process.env.PORT ?? 3000), listenTextResolver: () => "starting" });
app.log.info({ port: app.server.address().port }, "listening");
