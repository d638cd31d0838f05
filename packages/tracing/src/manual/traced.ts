import type { Attributes } from "@opentelemetry/api";
import { TracingError } from "../errors.ts";
import { isRegistered } from "../registered.ts";
import { trace } from "./trace.ts";

export interface TracedOptions<Args extends readonly unknown[] = readonly never[]> {
  /** The span's name. @defaultValue class and method: `Orders.place` */
  readonly name?: string;
  /** Attributes of each span, or what makes them of the call's arguments. */
  readonly attributes?: Attributes | ((...args: Args) => Attributes);
}

type Method<This, Args extends unknown[], Result> = (this: This, ...args: Args) => Result;

/** What `traced` returns: a decorator for methods and for classes. */
export interface TracedDecorator<Wanted extends readonly unknown[]> {
  <This, Args extends unknown[] & Wanted, Result>(
    method: Method<This, Args, Result>,
    context: ClassMethodDecoratorContext<This, Method<This, Args, Result>>,
  ): Method<This, Args, Result>;
  (type: abstract new (...args: never[]) => object, context: ClassDecoratorContext): void;
}

/**
 * A decorator, by the standard: each call of the method, or of each method of the class, is a span (see {@link trace}).
 * Methods that are private by `#`, accessors and static ones of a decorated class are left alone.
 *
 * @throws TracingError `POLYLOG_E_TRACED` where a compiler calls it as a decorator of the time before the standard
 * @example
 * class Orders {
 *   \@traced({ attributes: (id: number) => ({ "order.id": id }) })
 *   async cancel(id: number) {}
 * }
 */
export function traced<Args extends readonly unknown[] = readonly never[]>(
  options: TracedOptions<Args> = {},
): TracedDecorator<Args> {
  const decorate = (target: unknown, context: ClassMethodDecoratorContext | ClassDecoratorContext) => {
    // Types keep TypeScript from it, but there are none for Babel and SWC.
    if (typeof context !== "object" || context === null) {
      throw new TracingError(
        "POLYLOG_E_TRACED",
        "traced() is a decorator by the standard, and was called as a legacy one: compile without " +
          "experimentalDecorators (TypeScript), with legacyDecorator off (SWC), with version 2023-11 (Babel)",
      );
    }
    if (context.kind === "class") {
      decorateClass(target as { prototype: object }, options);
      return undefined;
    }
    return wrap(target as AnyMethod, String(context.name), options);
  };
  return decorate as TracedDecorator<Args>;
}

type AnyMethod = (this: unknown, ...args: unknown[]) => unknown;

function decorateClass({ prototype }: { prototype: object }, options: TracedOptions<never>): void {
  for (const key of Reflect.ownKeys(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, key);
    if (key === "constructor" || typeof descriptor?.value !== "function") continue;
    Object.defineProperty(prototype, key, {
      ...descriptor,
      value: wrap(descriptor.value, String(key), options),
    });
  }
}

function wrap(method: AnyMethod, key: string, { name, attributes }: TracedOptions<never>): AnyMethod {
  const attributesOf = attributes as Attributes | ((...args: unknown[]) => Attributes) | undefined;
  function run(this: unknown, ...args: unknown[]): unknown {
    if (!isRegistered("trace")) return method.apply(this, args);
    const operation = name ?? `${classOf(this)}${key}`;
    return trace(operation, made(attributesOf, args), () => method.apply(this, args));
  }
  // Frameworks look at both.
  Object.defineProperty(run, "name", { value: method.name, configurable: true });
  Object.defineProperty(run, "length", { value: method.length, configurable: true });
  return run;
}

/** A call whose arguments don't suit them goes without attributes: it is for the method to complain of its arguments. */
function made(attributes: Attributes | ((...args: unknown[]) => Attributes) | undefined, args: unknown[]) {
  if (typeof attributes !== "function") return attributes ?? {};
  try {
    return attributes(...args);
  } catch {
    return {};
  }
}

/** With the dot after it; an object of no class has none. */
function classOf(self: unknown): string {
  const name = typeof self === "function" ? self.name : (self as object | undefined)?.constructor?.name;
  return name ? `${name}.` : "";
}
