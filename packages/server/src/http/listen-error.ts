import { PolylogError } from "../errors.ts";

/** Where it was tried to listen. */
interface Place {
  readonly host: string;
  readonly port: number;
  /** The flag that the port was given by. */
  readonly flag: "--port" | "--grpc-port" | "--receivers";
  /** Which of several receivers it was for. */
  readonly receiver?: string;
}

/**
 * A failure to listen, told by what can be done about it.
 *
 * @param code the system's, such as `EADDRINUSE`
 */
export function listenError(
  cause: unknown,
  code: string | undefined,
  { host, port, flag, receiver }: Place,
): PolylogError {
  const anyPort = receiver === undefined ? `${flag} 0` : `${flag} ${receiver}:0`;
  const who = receiver === undefined ? "" : ` for ${receiver}`;
  switch (code) {
    case "EADDRINUSE":
      return new PolylogError("POLYLOG_E_PORT_IN_USE", `Port ${port} on ${host}${who} is in use.`, {
        cause,
        port,
        remedy: `Stop the program that listens there (perhaps another Polylog), or choose a port: ${anyPort} takes any free one.`,
      });
    case "EACCES":
      return new PolylogError("POLYLOG_E_CONFIG", `This user may not listen on port ${port}${who}.`, {
        cause,
        remedy:
          receiver === undefined
            ? `Choose a port above 1023 with ${flag}.`
            : `Choose a port above 1023, such as ${flag} ${receiver}:5${String(port).padStart(3, "0")}.`,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new PolylogError("POLYLOG_E_CONFIG", `This machine has no address ${host}.`, {
        cause,
        remedy: "Choose one with --host: 127.0.0.1 for this machine only, 0.0.0.0 for every network.",
      });
    default:
      return new PolylogError(
        "POLYLOG_E_INTERNAL",
        `Listening on ${host}:${port} failed: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
  }
}
