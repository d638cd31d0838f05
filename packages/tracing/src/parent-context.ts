import { type Context, INVALID_SPAN_CONTEXT, ROOT_CONTEXT, type Span, trace } from "@opentelemetry/api";

/** The API tells nobody by which key a context knows its span; but it has to say it to a context. */
const SPAN = spanKey();

function spanKey(): symbol | undefined {
  let found: symbol | undefined;
  const listening: Context = {
    getValue: () => undefined,
    setValue(key) {
      found = key;
      return ROOT_CONTEXT;
    },
    deleteValue: () => ROOT_CONTEXT,
  };
  trace.setSpan(listening, trace.wrapSpanContext(INVALID_SPAN_CONTEXT));
  return found;
}

/**
 * A context in which a span that came from elsewhere is the parent: what `trace.setSpan` says, without the copy of a map and the
 * three functions that each context of the API has. Hot path: made for each request that comes in.
 */
class ParentContext implements Context {
  readonly #rest: Context;
  readonly #span: Span;

  constructor(rest: Context, span: Span) {
    // Only the last span counts: contexts that are made from each other again and again must not become a chain.
    this.#rest = rest instanceof ParentContext ? rest.#rest : rest;
    this.#span = span;
  }

  getValue(key: symbol): unknown {
    return key === SPAN ? this.#span : this.#rest.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return this.#asUsual().setValue(key, value);
  }

  deleteValue(key: symbol): Context {
    return this.#asUsual().deleteValue(key);
  }

  #asUsual(): Context {
    return trace.setSpan(this.#rest, this.#span);
  }
}

/**
 * Like `trace.setSpan`, in less time.
 *
 * @example
 * trace.getSpan(withParent(ROOT_CONTEXT, span)); // span
 */
export function withParent(context: Context, span: Span): Context {
  return new ParentContext(context, span);
}
