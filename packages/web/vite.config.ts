import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The query language and the contract are read from their sources, so that no build has to come first. */
function serverSource(path: string): string {
  return fileURLToPath(new URL(`../server/src/${path}`, import.meta.url));
}

export default defineConfig(({ command }) => {
  // A test run sets NODE_ENV=test, and with it Vite would put React's development build into what is shipped.
  if (command === "build") process.env.NODE_ENV = "production";
  return {
    plugins: [react()],
    resolve: {
      alias: {
        "@polylog/server/query": serverSource("query/index.ts"),
        "@polylog/server/contract": serverSource("contract/index.ts"),
      },
    },
    build: {
      target: "es2022",
      // Into the package that serves them.
      outDir: "../server/pages",
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      // What counts is the first page gzipped, which a test bounds.
      chunkSizeWarningLimit: 1000,
    },
    server: { proxy: { "/api": process.env.POLYLOG_SERVER ?? "http://127.0.0.1:4318" } },
  };
});
