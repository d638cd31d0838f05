import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));

/** @type {import("next").NextConfig} */
export default {
  // All parts of the application log to one Polylog, which lies outside of their bundles.
  serverExternalPackages: ["polylog"],
  // This example lies in a larger repository; an application of your own doesn't need this.
  turbopack: { root: here },
};
