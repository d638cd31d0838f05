import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Client } from "./client.ts";
import { createFailures } from "./failure.ts";
import { serverAddressOf } from "./server-address.ts";
import { createTemplates } from "./template.ts";
import { VERSION } from "./version.ts";

const clientOf = (config: object): Client => ({ config });

test.each([
  [{ hosts: "10.0.0.1:3100,10.0.0.2:3000" }, { address: "10.0.0.1", port: 3100 }],
  [{ hosts: "db.example.com" }, { address: "db.example.com", port: 3000 }],
  [
    { hosts: "db.example.com", port: 3200 },
    { address: "db.example.com", port: 3200 },
  ],
  [{ hosts: "10.0.0.1:tls-name:4333" }, { address: "10.0.0.1", port: 4333 }],
  [{ hosts: "[::1]:3000" }, { address: "::1", port: 3000 }],
  [{ hosts: [{ addr: "10.0.0.1", port: 3100 }] }, { address: "10.0.0.1", port: 3100 }],
  [{ hosts: [{ addr: "10.0.0.1" }] }, { address: "10.0.0.1", port: 3000 }],
  [{ hosts: "" }, undefined],
  [{ hosts: [] }, undefined],
  [{}, undefined],
])("the server of %j", (config, server) => {
  expect(serverAddressOf(clientOf(config))).toEqual(server);
});

test("spans of one operation on one set share what they are made of", () => {
  const templateFor = createTemplates(clientOf({ hosts: "a:3000" }));
  const template = templateFor("PUT", "test", "users");
  expect(templateFor("PUT", "test", "users")).toBe(template);
  expect(templateFor("PUT", "test", undefined).name).toBe("PUT test");
  expect(templateFor("INFO", undefined, undefined).name).toBe("INFO");
});

test("sets without end take no more memory than a thousand", () => {
  const templateFor = createTemplates(clientOf({}));
  for (let i = 0; i < 1_000; i++) templateFor("PUT", "test", `set${i}`);
  const later = templateFor("PUT", "test", "one too many");
  expect(later.name).toBe("PUT test.one too many");
  expect(templateFor("PUT", "test", "one too many")).not.toBe(later);
  expect(templateFor("PUT", "test", "set0")).toBe(templateFor("PUT", "test", "set0"));
});

test.each([
  [
    { name: "AerospikeError", message: "m", code: 2 },
    { type: "ERR_RECORD_NOT_FOUND", statusCode: "2" },
  ],
  [
    { name: "AerospikeError", message: "m", code: -1 },
    { type: "ERR_CLIENT", statusCode: undefined },
  ],
  [
    { name: "AerospikeError", message: "m", code: 99 },
    { type: "AerospikeError", statusCode: "99" },
  ],
  [new TypeError("m"), { type: "TypeError", statusCode: undefined }],
])("the failure %o", (error, expected) => {
  const failureOf = createFailures({
    AEROSPIKE_ERR_RECORD_NOT_FOUND: 2,
    ERR_RECORD_NOT_FOUND: 2,
    ERR_CLIENT: -1,
    getMessage: () => "",
  });
  expect(failureOf(error)).toEqual({ ...expected, message: "m" });
});

test("the version is that of the package", () => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(VERSION).toBe(version);
});
