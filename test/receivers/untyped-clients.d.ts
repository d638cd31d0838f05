/** The parts that tests use of clients that come without types. */

declare module "datadog-winston" {
  import Transport from "winston-transport";

  export default class DatadogTransport extends Transport {
    constructor(options: {
      apiKey: string;
      hostname?: string;
      service?: string;
      ddsource?: string;
      ddtags?: string;
    });
  }
}

declare module "node-loggly-bulk" {
  interface Client {
    readonly urls: { log: string; bulk: string };
    log(events: unknown, done: (error: Error | null, result?: unknown) => void): void;
  }
  const loggly: {
    createClient(options: {
      subdomain: string;
      token: string;
      host?: string;
      json?: boolean;
      isBulk?: boolean;
      tags?: readonly string[];
    }): Client;
  };
  export default loggly;
}

declare module "splunk-logging" {
  export class Logger {
    constructor(options: { token: string; url: string; maxBatchCount?: number });
    error: (error: Error, context: unknown) => void;
    send(context: {
      message: unknown;
      severity?: string;
      metadata?: Readonly<Record<string, string | number>>;
    }): void;
    flush(done: (error: Error | null, response: unknown, body: unknown) => void): void;
  }
}
