// As much of the official client as the tests use; it isn't installed where types are checked.

export interface AerospikeModule {
  readonly Key: new (namespace: string, set: string, key: string | number) => AerospikeKey;
  readonly operations: {
    append(bin: string, value: string): object;
    incr(bin: string, value: number): object;
    prepend(bin: string, value: string): object;
    read(bin: string): object;
    touch(ttl?: number): object;
    write(bin: string, value: unknown): object;
  };
  readonly filter: { range(bin: string, from: number, to: number): object };
  readonly indexDataType: { readonly NUMERIC: number };
  readonly batchType: { readonly BATCH_READ: number; readonly BATCH_WRITE: number };
  readonly Transaction: new () => object;
  readonly admin: { readonly Privilege: new (code: number, of?: object) => object };
  readonly privilegeCode: { readonly READ: number };
  readonly exp: {
    gt(a: object, b: object): object;
    binInt(name: string): object;
    int(value: number): object;
  };
  readonly log: Readonly<Record<string, number>>;
  connect(config: object): Promise<AerospikeClient>;
  client(config: object): AerospikeClient;
  setDefaultLogging(log: { readonly level?: number; readonly file?: number }): void;
  releaseEventLoop(): void;
}

export interface AerospikeKey {
  readonly ns: string;
  readonly set: string;
}

type Done = (error: Error | null, result?: unknown) => void;

export interface AerospikeClient {
  put(key: AerospikeKey, bins: object, meta?: object | null, policy?: object | null): Promise<unknown>;
  put(key: AerospikeKey, bins: object, callback: Done): void;
  get(key: AerospikeKey, policy?: object): Promise<{ readonly bins: Record<string, unknown> }>;
  get(key: AerospikeKey, callback: Done): void;
  select(key: AerospikeKey, bins: readonly string[]): Promise<unknown>;
  exists(key: AerospikeKey): Promise<boolean>;
  existsWithMetadata(key: AerospikeKey): Promise<unknown>;
  remove(key: AerospikeKey): Promise<unknown>;
  append(key: AerospikeKey, bins: object): Promise<unknown>;
  prepend(key: AerospikeKey, bins: object): Promise<unknown>;
  incr(key: AerospikeKey, bins: object): Promise<unknown>;
  add(key: AerospikeKey, bins: object): Promise<unknown>;
  operate(key: AerospikeKey, steps: readonly object[]): Promise<unknown>;
  apply(key: AerospikeKey, udf: object): Promise<unknown>;
  batchRead(records: readonly object[]): Promise<readonly { readonly status: number }[]>;
  batchGet(keys: readonly AerospikeKey[]): Promise<unknown>;
  batchExists(keys: readonly AerospikeKey[]): Promise<unknown>;
  batchSelect(keys: readonly AerospikeKey[], bins: readonly string[]): Promise<unknown>;
  batchWrite(records: readonly object[]): Promise<readonly { readonly status: number }[]>;
  batchRemove(keys: readonly AerospikeKey[]): Promise<unknown>;
  batchApply(keys: readonly AerospikeKey[], udf: object): Promise<unknown>;
  query(namespace: string, set: string, options?: object): AerospikeQuery;
  scan(namespace: string, set: string, options?: object): AerospikeScan;
  truncate(namespace: string, set: string, before: number): Promise<unknown>;
  createIndex(options: object): Promise<unknown>;
  indexRemove(namespace: string, index: string): Promise<unknown>;
  udfRegister(path: string): Promise<AerospikeJob>;
  udfRemove(module: string): Promise<AerospikeJob>;
  setXDRFilter(filter: object | null, dataCenter: string, namespace: string): Promise<unknown>;
  commit(transaction: object): Promise<unknown>;
  abort(transaction: object): Promise<unknown>;
  createUser(user: string, password: string, roles: readonly string[]): Promise<unknown>;
  createPKIUser(user: string, roles: readonly string[]): Promise<unknown>;
  dropUser(user: string): Promise<unknown>;
  setPassword(user: string, password: string): Promise<unknown>;
  changePassword(user: string, password: string): Promise<unknown>;
  grantRoles(user: string, roles: readonly string[]): Promise<unknown>;
  revokeRoles(user: string, roles: readonly string[]): Promise<unknown>;
  queryUser(user: string): Promise<unknown>;
  queryUsers(): Promise<unknown>;
  createRole(role: string, privileges: readonly object[]): Promise<unknown>;
  dropRole(role: string): Promise<unknown>;
  grantPrivileges(role: string, privileges: readonly object[]): Promise<unknown>;
  revokePrivileges(role: string, privileges: readonly object[]): Promise<unknown>;
  queryRole(role: string): Promise<unknown>;
  queryRoles(): Promise<unknown>;
  setWhitelist(role: string, addresses: readonly string[]): Promise<unknown>;
  setQuotas(role: string, read: number, write: number): Promise<unknown>;
  info(request: string, host: object): Promise<string>;
  infoAny(request: string): Promise<string>;
  infoAll(request: string): Promise<unknown>;
  infoNode(request: string, node: object): Promise<string>;
  getNodes(): readonly object[];
  close(releaseEventLoop?: boolean): void;
}

interface AerospikeScan {
  paginate: boolean;
  results(policy?: object): Promise<readonly AerospikeRecord[]>;
  foreach(): AerospikeStream;
  background(module: string, name: string): Promise<AerospikeJob>;
  operate(steps: readonly object[]): Promise<AerospikeJob>;
  hasNextPage(): boolean;
}

interface AerospikeQuery extends AerospikeScan {
  maxRecords: number;
  udf: object;
  apply(module: string, name: string): Promise<unknown>;
}

interface AerospikeRecord {
  readonly key: AerospikeKey;
  readonly bins: unknown;
}

interface AerospikeJob {
  info(): Promise<unknown>;
}

interface AerospikeStream {
  on(event: "data", listener: (record: unknown) => void): this;
  on(event: "error", listener: (error: Error) => void): this;
  on(event: "end", listener: () => void): this;
  abort(): void;
}
