import Koa from "koa";
import { getLogger } from "polylog";
import { requestLog } from "polylog/koa";

const log = getLogger("shop.users");
const app = new Koa();

// With @koa/router the pattern is known by itself.
app.use(requestLog({ route: (context) => context.state.route }));
// Errors stand in the request's line; Koa would print them again.
app.silent = true;

app.use(async (context) => {
  const user = /^\/users\/(\w+)$/.exec(context.path)?.[1];
  if (user !== undefined) {
    context.state.route = "/users/:id";
    log.info("found a user", { user });
    context.body = { id: user };
  }
  if (context.path === "/broken") {
    context.state.route = "/broken";
    throw new Error("out of order");
  }
});

const server = app.listen(process.env.PORT ?? 3000, () => {
  log.info("listening", { port: server.address().port });
});
