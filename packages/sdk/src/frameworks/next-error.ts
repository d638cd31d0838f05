/** What Next.js tells of the request that failed. */
export interface NextRequest {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Where in the application it failed. */
export interface NextErrorContext {
  readonly routerKind: string;
  /** As in the line of the request: `/users/[id]`. */
  readonly routePath: string;
  /** `render`, `route`, `action`, `proxy`… */
  readonly routeType: string;
}
