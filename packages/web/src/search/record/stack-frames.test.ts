import { expect, test } from "vitest";
import { stackParts } from "./stack-frames.ts";

/** The parts as `own:lines` and `library:lines`. */
const outline = (stack: string) =>
  stackParts(stack).map((part) => `${part.kind === "own" ? "own" : part.library}:${part.lines.length}`);

test.each([
  [
    "Node",
    `Error: no
    at authorize (/srv/src/pay.ts:8:1)
    at Layer.handle (/srv/node_modules/express/lib/layer.js:95:5)
    at next (/srv/node_modules/express/lib/route.js:149:13)
    at f (/srv/node_modules/@nestjs/core/router.js:1:1)
    at g (/srv/node_modules/@nestjs/core/router.js:2:1)
    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)
    at main (/srv/src/main.ts:1:1)`,
    ["own:2", "express:2", "@nestjs/core:2", "own:1", "own:1"],
  ],
  [
    "Python",
    `Traceback (most recent call last):
  File "/usr/lib/python3.12/site-packages/flask/app.py", line 1, in wsgi_app
    response = self.full_dispatch_request()
  File "/srv/app.py", line 7, in pay
    charge()
ValueError: no`,
    ["own:1", "flask:2", "own:3"],
  ],
  [
    "Java",
    `java.lang.IllegalStateException: no
	at com.shop.Pay.charge(Pay.java:8)
	at org.springframework.web.A.b(A.java:1)
	at org.springframework.web.C.d(C.java:1)`,
    ["own:2", "org.springframework:2"],
  ],
])("frames of libraries in %s are folded", (_, stack, expected) => {
  expect(outline(stack)).toEqual(expected);
});

test("nothing of a trace is lost", () => {
  const stack = "E\n    at a (node_modules/x/i.js)\n    at b (node_modules/x/i.js)\nlast";
  expect(stackParts(stack).flatMap((part) => part.lines)).toEqual(stack.split("\n"));
});

test("a trace of a million lines ends", () => {
  expect(stackParts("    at x (y)\n".repeat(1_000_000)).flatMap((part) => part.lines)).toHaveLength(2_000);
});
