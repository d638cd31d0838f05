// As much of the official client's own classes as is used, so that it need not be installed to build or to import this.

/** An operation on its way: what each method of the client makes, and hands to the native addon. */
export interface Command {
  readonly client: Client;
  /** What the native function takes, without its callback. */
  readonly args: readonly unknown[];
  /** The caller's, or what feeds a stream; promises have none. */
  readonly callback?: Callback | undefined;
  /** Set on what belongs to a stream of records. */
  readonly stream?: object | undefined;
  /** The native function's name, such as `putAsync`. */
  asCommand(): string;
  /** Runs it. The callback of a stream is called for each record, and returns false to get no more. */
  process(callback: Callback): void;
  /** Refuses it before it was sent; that is what happens without a connection. */
  sendError(message: string): unknown;
}

export type Callback = (error: ClientError | null, result?: unknown) => unknown;

export interface Client {
  readonly config: {
    readonly hosts?: string | readonly Host[] | undefined;
    readonly port?: number | undefined;
  };
}

interface Host {
  readonly addr: string;
  readonly port?: number | undefined;
}

/** `AerospikeError`. Codes above zero are the server's, those below are the client's own. */
export interface ClientError {
  readonly name: string;
  readonly message: string;
  readonly code?: number | undefined;
}

/** `aerospike/lib/commands`: a class for each command, each with a base class of its own. */
export type CommandClasses = Record<string, { readonly prototype: object }>;

/** `aerospike/lib/operations`: makes what `operate` takes. */
export interface OperationFactories {
  append(bin: string, value: string): Operation;
  prepend(bin: string, value: string): Operation;
  incr(bin: string, value: number): Operation;
  touch(): Operation;
}

/** One step of `operate`. */
export interface Operation {
  readonly op: number;
}

/** `aerospike/lib/status`: codes by name. */
export type StatusCodes = Record<string, unknown>;
