import type { Resource, Scope } from "../../record/record.ts";
import { type EncodedAttributes, encodeAttributes, NO_ATTRIBUTES } from "./columns.ts";

/**
 * The encoded attributes of resources and scopes, which most records share with many others. Kept as long as the
 * object itself is.
 */
export function createSharedAttributes(): (owner: Resource | Scope) => EncodedAttributes {
  const known = new WeakMap<Resource | Scope, EncodedAttributes>();
  return (owner) => {
    if (owner.attributes.length === 0) return NO_ATTRIBUTES;
    let encoded = known.get(owner);
    if (encoded === undefined) {
      encoded = encodeAttributes(owner.attributes);
      known.set(owner, encoded);
    }
    return encoded;
  };
}
