import { expect, it } from "vitest";
import { parseRetentionRule } from "./retention-rules.ts";

it.each([
  ["level:debug 3d", { service: null, severity: { lowest: 5, highest: 8 }, days: 3 }],
  ["level:<=debug 3d", { service: null, severity: { lowest: 1, highest: 8 }, days: 3 }],
  ["level:>debug 1w", { service: null, severity: { lowest: 9, highest: 24 }, days: 7 }],
  ["level:[warn TO error] 90d", { service: null, severity: { lowest: 13, highest: 20 }, days: 90 }],
  ["service:audit forever", { service: "audit", severity: null, days: 0 }],
  ['service:"a b" 2d', { service: "a b", severity: null, days: 2 }],
  [
    "  service:shop   level:>=error  400d ",
    { service: "shop", severity: { lowest: 17, highest: 24 }, days: 400 },
  ],
])("%s is a rule", (text, expected) => {
  expect(parseRetentionRule(text)).toMatchObject(expected);
});

it.each([
  "",
  "3d",
  "service:audit",
  "service:audit 3",
  "service:audit 12h",
  "service:audit 0d",
  "service:audit 4000d",
  "service:a* 3d",
  "service:(a OR b) 3d",
  "service:a OR service:b 3d",
  "-service:a 3d",
  "service:a service:b 3d",
  "level:loud 3d",
  "level:<trace 3d",
  "host:web-1 3d",
  "card declined 3d",
  `service:${"a".repeat(1001)} 3d`,
])("%s is none", (text) => {
  expect(parseRetentionRule(text)).toBeUndefined();
});
