import untypedThrift from "thrift";

/** What is used of the npm package thrift, which has no types. */
interface Protocol {
  writeMessageBegin(name: string, type: number, sequence: number): void;
  writeMessageEnd(): void;
  writeStructBegin(name: string): void;
  writeStructEnd(): void;
  writeFieldBegin(name: string, type: number, id: number): void;
  writeFieldEnd(): void;
  writeFieldStop(): void;
  writeListBegin(type: number, size: number): void;
  writeListEnd(): void;
  writeString(text: string): void;
  flush(): void;
  readFieldBegin(): { ftype: number; fid: number };
  readI32(): number;
  readFieldEnd(): void;
  readMessageEnd(): void;
  skip(type: number): void;
}
interface Output {
  flush(): void;
}
type ProtocolClass = new (output: Output) => Protocol;
interface Connection {
  on(event: "error", listener: (error: Error) => void): void;
  end(): void;
}
interface Thrift {
  createConnection(host: string, port: number, options: object): Connection;
  createClient<T>(client: new (output: Output, protocol: ProtocolClass) => T, connection: Connection): T;
  readonly TFramedTransport: object;
  readonly TBufferedTransport: object;
  readonly TBinaryProtocol: object;
  readonly Thrift: {
    readonly MessageType: { readonly CALL: number; readonly EXCEPTION: number };
    readonly Type: {
      readonly STRING: number;
      readonly STRUCT: number;
      readonly LIST: number;
      readonly STOP: number;
    };
  };
}

const thrift = untypedThrift as Thrift;
const { MessageType, Type } = thrift.Thrift;

interface Entry {
  readonly category: string;
  readonly message: string;
}

/** What Thrift's compiler would make of scribe.thrift, as far as `Log` goes. */
class ScribeClient {
  readonly #output: Output;
  readonly #protocol: ProtocolClass;
  #sequence = 0;
  /** Where the package's connection looks for whom a reply is. */
  readonly _reqs: Record<number, (error: Error | null, result?: number) => void> = {};

  constructor(output: Output, protocol: ProtocolClass) {
    this.#output = output;
    this.#protocol = protocol;
  }

  Log(entries: readonly Entry[]): Promise<number> {
    const sequence = ++this.#sequence;
    const output = new this.#protocol(this.#output);
    output.writeMessageBegin("Log", MessageType.CALL, sequence);
    output.writeStructBegin("Scribe_Log_args");
    output.writeFieldBegin("messages", Type.LIST, 1);
    output.writeListBegin(Type.STRUCT, entries.length);
    for (const { category, message } of entries) {
      output.writeStructBegin("LogEntry");
      output.writeFieldBegin("category", Type.STRING, 1);
      output.writeString(category);
      output.writeFieldEnd();
      output.writeFieldBegin("message", Type.STRING, 2);
      output.writeString(message);
      output.writeFieldEnd();
      output.writeFieldStop();
      output.writeStructEnd();
    }
    output.writeListEnd();
    output.writeFieldEnd();
    output.writeFieldStop();
    output.writeStructEnd();
    output.writeMessageEnd();
    return new Promise((resolve, reject) => {
      this._reqs[sequence] = (error, result) => (error ? reject(error) : resolve(result ?? Number.NaN));
      this.#output.flush();
    });
  }

  recv_Log(input: Protocol, type: number, sequence: number): void {
    let result: number | undefined;
    for (let field = input.readFieldBegin(); field.ftype !== Type.STOP; field = input.readFieldBegin()) {
      if (field.fid === 0) result = input.readI32();
      else input.skip(field.ftype);
      input.readFieldEnd();
    }
    input.readMessageEnd();
    const failure = type === MessageType.EXCEPTION ? new Error("the call failed") : null;
    this._reqs[sequence]?.(failure, result);
  }
}

export interface ScribeConnection {
  /** Sends one call of `Log`; resolves to its result: 0 OK, 1 TRY_LATER. */
  log(entries: readonly Entry[]): Promise<number>;
  end(): void;
}

/** Connects by the package's own transport and protocol classes. */
export function connectScribe(port: number, transport: "framed" | "buffered"): ScribeConnection {
  const connection = thrift.createConnection("127.0.0.1", port, {
    transport: transport === "framed" ? thrift.TFramedTransport : thrift.TBufferedTransport,
    protocol: thrift.TBinaryProtocol,
  });
  connection.on("error", () => {});
  const client = thrift.createClient(ScribeClient, connection);
  return { log: (entries) => client.Log(entries), end: () => connection.end() };
}
