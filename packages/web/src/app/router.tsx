import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { outlineQuery } from "../api/trace.ts";
import { SearchPage } from "../search/page/search-page.tsx";
import { readSearchParams } from "../search/page/search-params.ts";
import { readTraceParams } from "../trace/trace-params.ts";
import { readServicesParams, readTracesParams } from "../traces/traces-params.ts";
import { parseSearch, stringifySearch } from "./address.ts";
import { NotFound } from "./not-found.tsx";
import { PageError } from "./page-error.tsx";
import { queryClient } from "./query-client.ts";
import { Shell } from "./shell.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: PageError });

const search = createRoute({
  getParentRoute: () => root,
  path: "/",
  validateSearch: readSearchParams,
  component: SearchPage,
});

const trace = createRoute({
  getParentRoute: () => root,
  path: "/trace/$traceId",
  validateSearch: readTraceParams,
  loader: ({ params }) => {
    void queryClient.prefetchQuery(outlineQuery(params.traceId));
  },
  component: lazyRouteComponent(() => import("../trace/page/trace-page.tsx"), "TracePage"),
});

const traces = createRoute({
  getParentRoute: () => root,
  path: "/traces",
  validateSearch: readTracesParams,
  component: lazyRouteComponent(() => import("../traces/page/traces-page.tsx"), "TracesPage"),
});

const services = createRoute({
  getParentRoute: () => root,
  path: "/services",
  validateSearch: readServicesParams,
  component: lazyRouteComponent(() => import("../services/services-page.tsx"), "ServicesPage"),
});

const send = createRoute({
  getParentRoute: () => root,
  path: "/send",
  component: lazyRouteComponent(() => import("../guide/send-page.tsx"), "SendPage"),
});

const intake = createRoute({
  getParentRoute: () => root,
  path: "/intake",
  component: lazyRouteComponent(() => import("../intake/intake-page.tsx"), "IntakePage"),
});

const storage = createRoute({
  getParentRoute: () => root,
  path: "/storage",
  component: lazyRouteComponent(() => import("../storage/storage-page.tsx"), "StoragePage"),
});

/** The pages and their addresses. */
export const router = createRouter({
  routeTree: root.addChildren([search, trace, traces, services, send, intake, storage]),
  parseSearch,
  stringifySearch,
  defaultPreload: false,
  scrollRestoration: false,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
