import { PolylogError } from "../../errors.ts";
import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { parseJson } from "../../formats/json/json-text.ts";
import type { LogRecord } from "../../record/record.ts";
import type { DecodedRecords } from "../decoded-records.ts";
import { textOf } from "../flatten.ts";
import { DocumentReader } from "./document.ts";

/** Bytes of a document: parsing that many takes some milliseconds. */
const MAX_DOCUMENT_BYTES = 1 << 20;
/** Bytes of an action: an index's name, an id, a pipeline. */
const MAX_ACTION_BYTES = 16 << 10;
const NEWLINE = 10;
/** Blank lines between two turns of others. */
const BLANKS_PER_YIELD = 1024;

const OPERATIONS: ReadonlySet<string> = new Set(["index", "create", "update", "delete"]);

/** An action line. Lines that follow one another are mostly the same, and share it. */
interface Action {
  readonly operation: string;
  readonly id: string | undefined;
  /** The beginning of its answer: `{"create":{"_index":"logs","_id":` */
  readonly answerHead: string;
  /** Flat pairs. */
  readonly attributes: readonly string[];
}

/** What makes an answer's items, beside the records. */
const CREATED = ',"_version":1,"result":"created","status":201}}';
const NOT_FOUND = ',"_version":1,"result":"not_found","status":404}}';

/** What became of the actions of a request. */
interface BulkOutcome {
  readonly hasErrors: boolean;
  /** JSON, an item for each action. */
  readonly items: string;
}

/** A bulk request and what its answer is made of. @throws PolylogError as {@link BulkDecoder.decode} */
export function* decodeBulk(
  body: Buffer,
  { now, index }: { readonly now: bigint; readonly index: string },
): DecodedRecords<BulkOutcome> {
  const bulk = new BulkDecoder(now, index);
  yield* bulk.decode(body);
  return bulk.outcome;
}

/**
 * The answer's JSON.
 *
 * @param took milliseconds
 * @param unstored how many of the documents that were read can't be stored
 */
export function answerBulk({ hasErrors, items }: BulkOutcome, took: number, unstored = 0): string {
  const told = unstored === 0 ? items : failLast(items, unstored);
  return `{"took":${took},"errors":${hasErrors || unstored > 0},"items":[${told}]}`;
}

/**
 * Tells of so many documents that they can't be stored. Which ones is not known; but were all of the request refused for
 * that, Beats and Logstash would send it again and again.
 */
function failLast(items: string, unstored: number): string {
  const reason = `${unstored} documents of this request can't be stored, these or others: the server's log says why`;
  const answers = JSON.parse(`[${items}]`) as Record<string, Record<string, unknown>>[];
  let left = unstored;
  for (const answer of answers.reverse()) {
    for (const [operation, { _index, _id, status }] of Object.entries(answer)) {
      if (left === 0 || status !== 201) continue;
      left--;
      answer[operation] = { _index, _id, status: 400, error: { type: "document_parsing_exception", reason } };
    }
  }
  return answers
    .reverse()
    .map((answer) => JSON.stringify(answer))
    .join(",");
}

/**
 * Hot path. Decodes a bulk request: an action line, and a document line where the action has one. Remembers the
 * answer to each.
 *
 * Source: Elasticsearch, "Bulk index or delete documents".
 *
 * @example
 * const bulk = new BulkDecoder(context.now(), "logs");
 * for (const record of bulk.decode(body)) records.push(record);
 * answerBulk(bulk.outcome, 3); // '{"took":3,"errors":false,"items":[…]}'
 */
export class BulkDecoder {
  readonly #documents: DocumentReader;
  readonly #defaultIndex: string;
  readonly #idPrefix: string;
  #items: string[] = [];
  #hasErrors = false;
  #actionText = "";
  #action: Action | undefined;

  /**
   * @param now nanoseconds since 1970
   * @param index for actions that name none
   */
  constructor(now: bigint, index: string) {
    this.#documents = new DocumentReader(now);
    this.#defaultIndex = index;
    this.#idPrefix = `p${now.toString(36)}-`;
  }

  /** @throws PolylogError `POLYLOG_E_BAD_REQUEST` when an action can't be read: what follows it can't either. */
  *decode(body: Buffer): DecodedRecords {
    let line = 0;
    let blanks = 0;
    for (let start = 0; start < body.length; ) {
      line++;
      let end = endOfLine(body, start);
      if (isBlank(body, start, end)) {
        start = end + 1;
        if (++blanks % BLANKS_PER_YIELD === 0) yield undefined;
        continue;
      }
      const action = this.#readAction(body, start, end, line);
      start = end + 1;
      if (action.operation === "delete") {
        this.#answer(action, NOT_FOUND);
        yield undefined;
        continue;
      }
      if (start >= body.length) throw malformed(line, "its document is missing");
      line++;
      end = endOfLine(body, start);
      yield this.#readDocument(action, body, start, end);
      start = end + 1;
    }
    if (this.#items.length === 0) throw malformed(1, "there is none");
  }

  /**
   * One document, as it is put to `/{index}/_doc`.
   *
   * @throws PolylogError `POLYLOG_E_BAD_REQUEST` when it can't be read
   */
  *decodeDocument(body: Buffer, id: string | undefined): DecodedRecords {
    const action = this.#parseAction(JSON.stringify({ create: { _id: id } }), 1);
    const record = this.#readDocument(action, body, 0, body.length);
    if (record === null) throw malformed(1, "the document is no JSON object, or too long");
    yield record;
  }

  /** The answer to {@link decodeDocument}. */
  documentAnswer(): object {
    const { create } = JSON.parse(this.#items[0] ?? "{}") as { create?: object };
    return create ?? {};
  }

  get outcome(): BulkOutcome {
    return { hasErrors: this.#hasErrors, items: this.#items.join(",") };
  }

  #readAction(body: Buffer, start: number, end: number, line: number): Action {
    if (end - start > MAX_ACTION_BYTES) throw malformed(line, `it is longer than ${MAX_ACTION_BYTES} bytes`);
    const text = body.toString("utf8", start, end);
    if (this.#action === undefined || text !== this.#actionText) {
      this.#action = this.#parseAction(text, line);
      this.#actionText = text;
    }
    return this.#action;
  }

  #parseAction(text: string, line: number): Action {
    const value = objectOf(text);
    const [operation = "", ...others] = value === undefined ? [] : Object.keys(value);
    const target = value?.[operation];
    if (!OPERATIONS.has(operation) || others.length > 0 || !isJsonObject(target)) {
      throw malformed(
        line,
        'one of {"create":{}}, {"index":{}}, {"update":{}} and {"delete":{}} is expected',
      );
    }
    const { _index = this.#defaultIndex, _id, pipeline, routing } = target;
    const attributes: string[] = [];
    for (const [name, part] of Object.entries({ index: _index, id: _id, pipeline, routing })) {
      if (typeof part === "string" && part !== "") attributes.push(`elasticsearch.${name}`, part);
    }
    return {
      operation,
      id: _id === undefined || _id === null ? undefined : JSON.stringify(textOf(_id)),
      answerHead: `{"${operation}":{"_index":${JSON.stringify(textOf(_index))},"_id":`,
      attributes,
    };
  }

  #readDocument(action: Action, body: Buffer, start: number, end: number): LogRecord | null {
    if (end - start > MAX_DOCUMENT_BYTES) {
      return this.#fail(action, 413, "document_parsing_exception", `longer than ${MAX_DOCUMENT_BYTES} bytes`);
    }
    const text = body.toString("utf8", start, end);
    let document = objectOf(text);
    if (document === undefined) {
      return this.#fail(action, 400, "document_parsing_exception", "failed to parse: not a JSON object");
    }
    if (action.operation === "update") {
      const whole = document.upsert ?? (document.doc_as_upsert === true ? document.doc : undefined);
      if (!isJsonObject(whole)) {
        const reason = "records stay as they came: only an upsert makes one";
        return this.#fail(action, 404, "document_missing_exception", reason);
      }
      document = whole;
    }
    this.#answer(action, CREATED);
    return this.#documents.read(document, text, action.attributes);
  }

  #answer(action: Action, tail: string): void {
    const id = action.id ?? `"${this.#idPrefix}${this.#items.length}"`;
    this.#items.push(action.answerHead + id + tail);
  }

  #fail(action: Action, status: number, type: string, reason: string): null {
    this.#hasErrors = true;
    this.#answer(action, `,"status":${status},"error":${JSON.stringify({ type, reason })}}}`);
    return null;
  }
}

function endOfLine(body: Buffer, start: number): number {
  const newline = body.indexOf(NEWLINE, start);
  return newline < 0 ? body.length : newline;
}

function isBlank(body: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (body[at]! > 32) return false;
  return true;
}

function objectOf(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function malformed(line: number, why: string): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `Malformed action/metadata line [${line}]: ${why}`);
}
