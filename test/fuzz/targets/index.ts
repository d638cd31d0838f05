import type { Target } from "../target.ts";
import { BINARY } from "./binary.ts";
import { BODIES } from "./bodies.ts";
import { JSON_INTAKES } from "./json-intakes.ts";
import { OTLP } from "./otlp.ts";
import { QUERIES_AND_TIMES } from "./queries.ts";
import { SENTRY } from "./sentry.ts";
import { TEXT } from "./text.ts";

/** Every decoder that reads what somebody else wrote. */
export const TARGETS: readonly Target[] = [
  ...OTLP,
  ...JSON_INTAKES,
  ...SENTRY,
  ...BINARY,
  ...TEXT,
  ...BODIES,
  ...QUERIES_AND_TIMES,
];
