/** Stands in for `host/node.ts` in the bundle for browsers, under the name that is asked for. */
export { browserHost as nodeHost } from "../host/browser.ts";
