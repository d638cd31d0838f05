/** A log record as the tests of the query language write it: what is left out is empty. */
export interface TestRecord {
  readonly id: number;
  readonly timestamp: string;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly service: string;
  readonly logger: string;
  readonly host: string;
  readonly runtime: string;
  readonly receiver: string;
  readonly event: string;
  readonly trace: string;
  readonly span: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly resource: Readonly<Record<string, string>>;
  readonly scope: Readonly<Record<string, string>>;
}

export function testRecord(values: Partial<TestRecord> & { readonly id: number }): TestRecord {
  return {
    timestamp: "2026-11-20T14:00:00.000000000Z",
    severityNumber: 9,
    severityText: "",
    service: "",
    logger: "",
    host: "",
    runtime: "",
    receiver: "",
    event: "",
    trace: "",
    span: "",
    body: "",
    attributes: {},
    resource: {},
    scope: {},
    ...values,
  };
}
