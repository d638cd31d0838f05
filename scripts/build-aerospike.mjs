import { buildDualPackage } from "./dual-package.mjs";

await buildDualPackage("aerospike");
