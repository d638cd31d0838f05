import type { Protocol } from "../options.ts";

/** What a process that ends hands to its child, as JSON on standard input. */
export interface Parcel {
  readonly protocol: Protocol;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The encoded request, in base64. */
  readonly body: string;
}
