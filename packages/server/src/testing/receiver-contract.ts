import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDecoding } from "../decoding/threads.ts";
import { PolylogError } from "../errors.ts";
import type { ReceiverContext } from "../receivers/receiver.ts";
import { silentLog } from "../store/testing/store.ts";
import { type CapturingIntake, type Counts, capturingIntake, receiverContext } from "./capturing-intake.ts";

/** How a receiver answered a request, whatever the words of its protocol. */
export type Answer =
  /** All that can be known where the protocol has no answer. */
  | { readonly kind: "sent" }
  | { readonly kind: "accepted"; readonly rejected: number }
  | { readonly kind: "retry"; readonly afterSeconds: number | null }
  | { readonly kind: "refused"; readonly message: string };

/** A receiver that runs, and a client of it. */
export interface ReceiverUnderTest {
  /** Sends one request that holds a record for each of these texts. */
  send(texts: readonly string[]): Promise<Answer>;
  /** The same with one record among them that can't be kept; absent where a request stands or falls as a whole. */
  sendPartlyBad?(texts: readonly string[]): Promise<Answer>;
  /** Sends a request that is none; absent where any bytes are one. */
  sendWhollyBad?(): Promise<Answer>;
  /** Stops the receiver as the server would: what is under way is finished. */
  stop(): Promise<void>;
}

export interface ReceiverContract {
  start(context: ReceiverContext): Promise<ReceiverUnderTest>;
  /** The texts of what was committed; bodies of log records unless said otherwise. */
  readonly textsIn?: (intake: CapturingIntake) => string[];
  /** True where the protocol can say when to try again. */
  readonly saysWhen: boolean;
  /** True where the protocol has no answer: what is asked of answers is asked of the store and the counts then. */
  readonly isOneWay?: boolean;
  /** True where bodies may be decoded on another thread: then the same holds there. */
  readonly isOnThreads?: boolean;
  /**
   * True where a request is acknowledged although the store can't take a record of it: that is counted, and told where the
   * protocol has words for it. Its sender would have it come again otherwise.
   */
  readonly acknowledgesUnstorable?: boolean;
}

const SENDERS = 4;
const REQUESTS = 25;
const RECORDS = 20;

/**
 * What holds for every receiver, whatever its protocol.
 *
 * @example
 * describeReceiver("OTLP over gRPC", { start: startGrpc, saysWhen: true });
 */
export function describeReceiver(name: string, contract: ReceiverContract): void {
  describeOne(name, contract);
  if (!contract.isOnThreads) return;
  const decoding = createDecoding({ threads: 1, heavyBytes: 0, log: silentLog });
  afterAll(() => decoding.stop());
  describeOne(`${name}, on a thread`, {
    ...contract,
    start: (context) => contract.start({ ...context, decoding }),
  });
}

function describeOne(
  name: string,
  {
    start,
    saysWhen,
    isOneWay = false,
    acknowledgesUnstorable = false,
    textsIn = (intake) => intake.logs.map((log) => log.body),
  }: ReceiverContract,
): void {
  /** The answer to a request whose good records are committed. */
  const taken = (rejected = 0): Answer => (isOneWay ? { kind: "sent" } : { kind: "accepted", rejected });

  describe(`${name}, as every receiver`, () => {
    let intake: CapturingIntake;
    let counts: Counts;
    let errors: string[];
    let receiver: ReceiverUnderTest;

    beforeEach(async () => {
      intake = capturingIntake();
      counts = {};
      errors = [];
      receiver = await start(receiverContext(intake, { counts, errors }));
    });
    afterEach(() => receiver.stop());

    /** What was committed; without an answer it may take a while. */
    async function expectTexts(texts: readonly string[]): Promise<void> {
      await expect.poll(() => textsIn(intake)).toEqual(texts);
    }
    async function expectCounts(expected: Counts): Promise<void> {
      await expect.poll(() => counts).toEqual(expected);
    }

    it("keeps what it is sent, and counts it", async () => {
      expect(await receiver.send(["one", "zwei €"])).toEqual(taken());
      await expectTexts(["one", "zwei €"]);
      await expectCounts({ accepted: 2 });
    });

    it.skipIf(isOneWay)("acknowledges nothing before it is committed", async () => {
      intake.hold();
      let isAnswered = false;
      const answer = receiver.send(["one"]).finally(() => {
        isAnswered = true;
      });
      await expect.poll(() => intake.waiting).toBe(1);
      expect({ isAnswered, counts }).toEqual({ isAnswered: false, counts: {} });
      intake.release();
      expect(await answer).toEqual(taken());
    });

    it("keeps what stands beside a bad record, and says how many were bad", async ({ skip }) => {
      if (receiver.sendPartlyBad === undefined) return skip();
      expect(await receiver.sendPartlyBad(["one", "two"])).toEqual(taken(1));
      await expectTexts(["one", "two"]);
      await expectCounts({ accepted: 2, "rejected malformed": 1 });
    });

    it("refuses a request that is none, says why, and takes the next", async ({ skip }) => {
      if (receiver.sendWhollyBad === undefined) return skip();
      const answer = await receiver.sendWhollyBad();
      if (!isOneWay) {
        expect(answer).toMatchObject({ kind: "refused", message: expect.stringMatching(/\w+ \w+/) });
      }
      await expectCounts({ "rejected malformed": 1 });
      expect(await receiver.send(["one"])).toEqual(taken());
      await expectTexts(["one"]);
      expect(errors).toEqual([]);
    });

    it.each([
      ["POLYLOG_E_INTAKE_FULL", "full"],
      ["POLYLOG_E_STORE_UNAVAILABLE", "store_unavailable"],
      ["POLYLOG_E_STOPPING", "stopping"],
    ] as const)(
      "loses nothing on %s: asks its sender to try again, or does so itself",
      async (code, reason) => {
        intake.refuseNext(new PolylogError(code, "Not now", { retryAfterSeconds: 6.5 }));
        const answer = await receiver.send(["one"]);
        if (isOneWay) {
          await expectTexts(["one"]);
          await expectCounts({ accepted: 1 });
          return;
        }
        expect(answer).toEqual({ kind: "retry", afterSeconds: saysWhen ? 7 : null });
        await expectCounts({ [`rejected ${reason}`]: 1 });
        expect(textsIn(intake)).toEqual([]);
        expect(await receiver.send(["one"])).toEqual(taken());
        await expectTexts(["one"]);
      },
    );

    it("refuses for good what the store can't take", async () => {
      intake.spoilNext(1);
      const answer = await receiver.send(["one"]);
      if (isOneWay || acknowledgesUnstorable) expect(answer).toEqual(taken(acknowledgesUnstorable ? 1 : 0));
      else {
        expect(answer).toMatchObject({
          kind: "refused",
          message: expect.stringContaining("can't be stored"),
        });
      }
      await expectCounts({ "rejected malformed": 1 });
      expect(errors).toEqual([]);
    });

    it("keeps what stands beside a record that the store can't take, counts both, and has neither come again", async () => {
      intake.spoilNext(1);
      expect(await receiver.send(["one", "two", "three"])).not.toMatchObject({ kind: "retry" });
      await expectTexts(["two", "three"]);
      await expectCounts({ accepted: 2, "rejected malformed": 1 });
      expect(errors).toEqual([]);
    });

    it("refuses for good on a fault of the server, without telling of its inside", async () => {
      intake.refuseNext(new Error("secret detail"));
      const answer = await receiver.send(["one"]);
      if (!isOneWay) {
        expect(answer).toMatchObject({ kind: "refused", message: expect.not.stringContaining("secret") });
      }
      await expectCounts({ "rejected internal": 1 });
      expect(errors).toHaveLength(1);
    });

    it("keeps each record of many senders at once, and each once", async () => {
      const sender = async (sender: number) => {
        for (let request = 0; request < REQUESTS; request++) {
          const texts = Array.from({ length: RECORDS }, (_, i) => `${sender}-${request}-${i}`);
          expect(await receiver.send(texts)).toEqual(taken());
        }
      };
      await Promise.all(Array.from({ length: SENDERS }, (_, i) => sender(i)));
      await expectCounts({ accepted: SENDERS * REQUESTS * RECORDS });
      expect(textsIn(intake)).toHaveLength(SENDERS * REQUESTS * RECORDS);
      expect(new Set(textsIn(intake)).size).toBe(SENDERS * REQUESTS * RECORDS);
    });

    it("finishes what is under way when it is stopped", async () => {
      intake.hold();
      const answer = receiver.send(["one"]);
      await expect.poll(() => intake.waiting).toBe(1);
      const stopped = receiver.stop();
      intake.release();
      expect(await answer).toEqual(taken());
      await stopped;
      expect(textsIn(intake)).toEqual(["one"]);
    });

    it("has kept all that it acknowledged, each once, when it is stopped between sends", async () => {
      const acknowledged: string[] = [];
      const sender = async (sender: number) => {
        for (let request = 0; request < REQUESTS; request++) {
          const texts = [`${sender}-${request}`];
          // A sender that is refused, or finds the door closed, has no answer to go by.
          const answer = await receiver.send(texts).catch(() => undefined);
          if (answer?.kind === "accepted") acknowledged.push(...texts);
          if (answer === undefined) return;
        }
      };
      const senders = Array.from({ length: SENDERS }, (_, i) => sender(i));
      await expect.poll(() => textsIn(intake).length, { interval: 1 }).toBeGreaterThan(SENDERS);
      await receiver.stop();
      await Promise.all(senders);
      expect(new Set(textsIn(intake)).size).toBe(textsIn(intake).length);
      expect(textsIn(intake)).toEqual(expect.arrayContaining(acknowledged));
    });
  });
}
