export interface ServerProcess {
  readonly address: string;
  readonly port: number;
  readonly pid: number;
  stop(): Promise<void>;
}

export function startServerProcess(): Promise<ServerProcess>;
