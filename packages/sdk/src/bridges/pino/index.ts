export { type PinoDestination, type PinoDestinationOptions, polylogDestination } from "./destination.ts";
export type { PinoKeys } from "./line.ts";
// pino loads a transport by the name of a module and takes its default export.
export { type PinoTransportOptions, pinoTransport as default } from "./transport.ts";
