/**
 * The log calls that are timed. `make` gives a loop of them, out of a logger's way of being called and its open
 * logger. `shows` stands in each line; `perTurn` calls are made before the event loop has its turn; of a `isBare` one the figure
 * is what the call alone takes, without the loop around it.
 */
export const CALLS = {
  "a: disabled level": {
    perTurn: 100_000,
    isBare: true,
    shows: [],
    make:
      (say, { log }) =>
      (times) =>
        say.debug(log, times),
  },
  "b: message": {
    shows: ["hello"],
    make:
      (say, { log }) =>
      (times) =>
        say.message(log, times),
  },
  "c: five fields": {
    shows: ["hello", "c-1f8e", "99.5", "card"],
    make:
      (say, { log }) =>
      (times) =>
        say.fields(log, times, orderFields),
  },
  "d: child with three bindings": {
    shows: ["hello", "checkout", "eu-west-1", "4.7.11"],
    make(say, { child }) {
      const log = child({ service: "checkout", region: "eu-west-1", version: "4.7.11" });
      return (times) => say.message(log, times);
    },
  },
  "e: error with stack": {
    shows: ["failed", "card declined", "calls.mjs"],
    make(say, { log }) {
      const error = new TypeError("card declined");
      return (times) => say.error(log, times, error);
    },
  },
  "f: ten deep object": {
    shows: ["hello", "level 10"],
    make(say, { log }) {
      const deep = nested(10);
      return (times) => say.fields(log, times, () => ({ deep }));
    },
  },
  "b, ten a turn": {
    perTurn: 10,
    shows: ["hello"],
    make:
      (say, { log }) =>
      (times) =>
        say.message(log, times),
  },
  "b, one a turn": {
    perTurn: 1,
    shows: ["hello"],
    make:
      (say, { log }) =>
      (times) =>
        say.message(log, times),
  },
  // Bare for the others; see FULL for what ours does on top.
  "c, context, metadata, redaction": {
    isFull: true,
    shows: ["hello", "c-1f8e", "99.5"],
    make:
      (say, { log }) =>
      (times) =>
        say.fields(log, times, secretFields),
  },
};

/** What is switched on for the case that has everything on. */
export const FULL = {
  options: {
    globalMetadata: { service: "checkout", region: "eu-west-1", version: "4.7.11" },
    redact: ["password", "token", "authorization"],
  },
  context: {
    runner: { class: "PersistentRunner", id: "a86ab1f8-5d1c-4f7e-9c39-2f0c4ab6c1d2" },
    worker: "9d1f02c7-61f3-4c55-8f6b-1f1f6f4e2f10",
    invocation: "5e0c7a54-0f0b-4f35-b0f1-64f2c4d08b8e",
    task: "checkout.pay",
  },
};

const orderFields = () => ({ order: 4711, customer: "c-1f8e", amount: 99.5, isPaid: true, method: "card" });
const secretFields = () => ({ order: 4711, customer: "c-1f8e", amount: 99.5, isPaid: true, token: "t-90b1" });

function nested(depth) {
  let value = { name: `level ${depth}`, count: depth };
  for (let level = depth - 1; level > 0; level--)
    value = { name: `level ${level}`, count: level, child: value };
  return value;
}
