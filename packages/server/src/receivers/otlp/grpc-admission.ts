import { Metadata, ResponderBuilder, ServerInterceptingCall, type ServerInterceptor } from "@grpc/grpc-js";
import { PolylogError } from "../../errors.ts";
import type { ReadingTurns, Turn } from "../../intake/reading-turns.ts";
import { encodeStatus, statusOf } from "./answer.ts";

export interface AdmissionOptions {
  /** Whether a call with this `authorization` may come in. */
  readonly isAllowed: (authorization: string | undefined) => boolean;
  readonly turns: ReadingTurns;
  /** Told of each refusal that isn't about the token. */
  readonly onRefusal: (error: unknown) => void;
}

/**
 * Stands before every call: grpc-js gathers a whole message before a handler sees anything of it, so the token
 * is checked, and room for the message is found, before the first byte of it is read.
 */
export function admission({ isAllowed, turns, onRefusal }: AdmissionOptions): ServerInterceptor {
  return (_method, call) => {
    let turn: Turn | undefined;
    const refuse = (error: unknown): void => {
      onRefusal(error);
      call.sendStatus(serviceErrorOf(error));
    };
    const responder = new ResponderBuilder().withStart((start) =>
      start({
        onReceiveMetadata(metadata, read) {
          if (!isAllowed(metadata.get("authorization")[0]?.toString())) {
            call.sendStatus(serviceErrorOf(unauthorized()));
            return;
          }
          turn = turns.take(refuse, addressOf(call.getPeer()));
          turn.granted.then(() => read(metadata), refuse);
        },
        onReceiveHalfClose(handle) {
          // The message is complete: from here on the intake counts it.
          turn?.end();
          handle();
        },
        // Comes at the end of every call, however it ends.
        onCancel() {
          turn?.end();
        },
      }),
    );
    return new ServerInterceptingCall(call, responder.build());
  };
}

/** The address in a peer's name, `10.0.0.1:54321` or `[::1]:54321`: each connection has a port of its own. */
export function addressOf(peer: string): string {
  return peer.replace(/:\d+$/, "");
}

function unauthorized(): PolylogError {
  return new PolylogError("POLYLOG_E_UNAUTHORIZED", "This server asks for its token", {
    remedy: "Send it as metadata `authorization: Bearer TOKEN`.",
  });
}

/** The error with its `google.rpc.Status`, which says when to try again, in the metadata that gRPC has for it. */
export function serviceErrorOf(error: unknown): { code: number; details: string; metadata: Metadata } {
  const status = statusOf(error);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", encodeStatus(status, "protobuf"));
  return { code: status.code, details: status.message, metadata };
}
