import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { getLogger } from "polylog";
import { requestLog } from "polylog/hono";

const log = getLogger("shop.users");
const app = new Hono();

app.use(requestLog());

app.get("/users/:id", (context) => {
  const user = context.req.param("id");
  log.info("found a user", { user });
  return context.json({ id: user });
});

app.get("/broken", () => {
  throw new Error("out of order");
});

app.onError((_error, context) => context.json({ error: "internal" }, 500));

serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  log.info("listening", { port });
});
