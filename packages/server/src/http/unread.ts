import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import { isUploading } from "./upload.ts";

/** What a connection is told that a request could not be read of. */
const REFUSALS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, "The request did not arrive in time"],
  HPE_HEADER_OVERFLOW: [431, "The request's head is too large"],
};

/** Answers a request that could not even be read, and ends its connection; leaves it to an upload to take longer. */
export function refuseUnread(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === "ECONNRESET" || socket.destroyed) return;
  if (error.code === "ERR_HTTP_REQUEST_TIMEOUT" && isUploading(socket)) return;
  const [status, message] = REFUSALS[error.code ?? ""] ?? [400, "The request is not HTTP"];
  if (socket.writable) {
    const body = JSON.stringify({ code: "POLYLOG_E_BAD_REQUEST", message });
    const head = `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close`;
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${head}\r\n\r\n${body}`);
  }
  socket.destroy(error);
}
