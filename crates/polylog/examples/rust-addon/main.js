import { createRequire } from "node:module";
import { getLogger, log, setFilter, withContext } from "polylog";

const core = createRequire(import.meta.url)("./core.node");

core.connect("127.0.0.1");
await withContext({ invocation: "run-1" }, async () => {
  log.info("asking for a price");
  log.info("answered", { cents: await core.price(7) });
});

// One control for both sides.
getLogger("my_core::batch").setLevel("debug");
core.connect("127.0.0.2");
setFilter("off");
core.connect("127.0.0.3");
