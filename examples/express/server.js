import express from "express";
import { getLogger } from "polylog";
import { errorLog, requestLog } from "polylog/express";

const log = getLogger("shop.users");
const app = express();

app.use(requestLog());

app.get("/users/:id", (request, response) => {
  log.info("found a user", { user: request.params.id });
  response.json({ id: request.params.id });
});

app.get("/broken", async () => {
  throw new Error("out of order");
});

app.use(errorLog());
app.use((_error, _request, response, _next) => {
  response.status(500).json({ error: "internal" });
});

const server = app.listen(process.env.PORT ?? 3000, () => {
  log.info("listening", { port: server.address().port });
});
