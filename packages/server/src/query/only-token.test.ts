import { expect, it } from "vitest";
import { parseQuery } from "./parser.ts";
import { onlyToken } from "./sql/filter.ts";

it.each<[query: string, token: string | undefined]>([
  ["card", "card"],
  ["CARD", "card"],
  ["Käse", "käse"],
  ["message:card", "card"],
  ['"card"', "card"],
  ["", undefined],
  ["card*", undefined],
  ["card-declined", undefined],
  ['"card declined"', undefined],
  ["card declined", undefined],
  ["-card", undefined],
  ["card OR bank", undefined],
  ["/card/", undefined],
  ["-", undefined],
  ["level:error", undefined],
  ["card level:error", undefined],
])("%s asks for the token %s alone", (query, token) => {
  const result = parseQuery(query, { target: "logs" });
  expect(result.ok && onlyToken(result.tree)).toBe(token);
});
