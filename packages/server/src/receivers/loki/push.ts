import type { RecordDefaults } from "../../formats/record-builder.ts";
import type { DecodedRecords } from "../decoded-records.ts";
import { decodeJson } from "./json.ts";
import { decodeProtobuf } from "./protobuf.ts";
import { uncompressSnappy } from "./snappy.ts";

/** How a push is to be read. */
interface PushForm {
  /** Nanoseconds since 1970. */
  readonly now: bigint;
  /** Or protobuf, compressed by snappy. */
  readonly isJson: boolean;
  /** Bytes that snappy may make of it. */
  readonly maxBytes: number;
  /** What its tenant adds to each record. */
  readonly tenant: RecordDefaults;
}

/** The entries of a push. */
export function* decodePush(body: Buffer, { now, isJson, maxBytes, tenant }: PushForm): DecodedRecords {
  if (isJson) yield* decodeJson(body, now, tenant);
  else yield* decodeProtobuf(yield* uncompressSnappy(body, maxBytes), now, tenant);
}
