import { createRequire } from "node:module";
import { getLogger, withContext } from "polylog";

const core = createRequire(import.meta.url)("./build/Release/core.node");

getLogger("my_core").setLevel("debug");
withContext({ invocation: "run-1" }, () => core.connect());
core.connectBySpdlog();
