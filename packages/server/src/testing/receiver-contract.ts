import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PolylogError } from "../errors.ts";
import type { ReceiverContext } from "../receivers/receiver.ts";
import { type CapturingIntake, type Counts, capturingIntake, receiverContext } from "./capturing-intake.ts";

/** How a receiver answered a request, whatever the words of its protocol. */
export type Answer =
  | { readonly kind: "accepted"; readonly rejected: number }
  | { readonly kind: "retry"; readonly afterSeconds: number | null }
  | { readonly kind: "refused"; readonly message: string };

/** A receiver that runs, and a client of it. */
export interface ReceiverUnderTest {
  /** Sends one request that holds a record for each of these texts. */
  send(texts: readonly string[]): Promise<Answer>;
  /** The same with one record among them that can't be kept; absent where a request stands or falls as a whole. */
  sendPartlyBad?(texts: readonly string[]): Promise<Answer>;
  /** Sends a request that is none. */
  sendWhollyBad(): Promise<Answer>;
  /** Stops the receiver as the server would: what is under way is finished. */
  stop(): Promise<void>;
}

export interface ReceiverContract {
  start(context: ReceiverContext): Promise<ReceiverUnderTest>;
  /** The texts of what was committed; bodies of log records unless said otherwise. */
  readonly textsIn?: (intake: CapturingIntake) => string[];
  /** True where the protocol can say when to try again. */
  readonly saysWhen: boolean;
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
export function describeReceiver(
  name: string,
  { start, saysWhen, textsIn = (intake) => intake.logs.map((log) => log.body) }: ReceiverContract,
): void {
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

    it("keeps what it is sent, and counts it", async () => {
      expect(await receiver.send(["one", "zwei €"])).toEqual({ kind: "accepted", rejected: 0 });
      expect(textsIn(intake)).toEqual(["one", "zwei €"]);
      expect(counts).toEqual({ accepted: 2 });
    });

    it("acknowledges nothing before it is committed", async () => {
      intake.hold();
      let isAnswered = false;
      const answer = receiver.send(["one"]).finally(() => {
        isAnswered = true;
      });
      await expect.poll(() => intake.waiting).toBe(1);
      expect({ isAnswered, counts }).toEqual({ isAnswered: false, counts: {} });
      intake.release();
      expect(await answer).toEqual({ kind: "accepted", rejected: 0 });
    });

    it("keeps what stands beside a bad record, and says how many were bad", async ({ skip }) => {
      if (receiver.sendPartlyBad === undefined) return skip();
      expect(await receiver.sendPartlyBad(["one", "two"])).toEqual({ kind: "accepted", rejected: 1 });
      expect(textsIn(intake)).toEqual(["one", "two"]);
      expect(counts).toEqual({ accepted: 2, "rejected malformed": 1 });
    });

    it("refuses a request that is none, says why, and takes the next", async () => {
      const answer = await receiver.sendWhollyBad();
      expect(answer).toMatchObject({ kind: "refused", message: expect.stringMatching(/\w+ \w+/) });
      expect(counts).toEqual({ "rejected malformed": 1 });
      expect(await receiver.send(["one"])).toEqual({ kind: "accepted", rejected: 0 });
      expect(textsIn(intake)).toEqual(["one"]);
      expect(errors).toEqual([]);
    });

    it.each([
      ["POLYLOG_E_INTAKE_FULL", "full"],
      ["POLYLOG_E_STORE_UNAVAILABLE", "store_unavailable"],
      ["POLYLOG_E_STOPPING", "stopping"],
    ] as const)("asks its sender to try again on %s", async (code, reason) => {
      intake.refuseNext(new PolylogError(code, "Not now", { retryAfterSeconds: 6.5 }));
      expect(await receiver.send(["one"])).toEqual({ kind: "retry", afterSeconds: saysWhen ? 7 : null });
      expect(textsIn(intake)).toEqual([]);
      expect(counts).toEqual({ [`rejected ${reason}`]: 1 });
      expect(await receiver.send(["one"])).toEqual({ kind: "accepted", rejected: 0 });
    });

    it("refuses for good on a fault of the server, without telling of its inside", async () => {
      intake.refuseNext(new Error("secret detail"));
      const answer = await receiver.send(["one"]);
      expect(answer).toMatchObject({ kind: "refused", message: expect.not.stringContaining("secret") });
      expect(counts).toEqual({ "rejected internal": 1 });
      expect(errors).toHaveLength(1);
    });

    it("keeps each record of many senders at once, and each once", async () => {
      const sender = async (sender: number) => {
        for (let request = 0; request < REQUESTS; request++) {
          const texts = Array.from({ length: RECORDS }, (_, i) => `${sender}-${request}-${i}`);
          expect(await receiver.send(texts)).toEqual({ kind: "accepted", rejected: 0 });
        }
      };
      await Promise.all(Array.from({ length: SENDERS }, (_, i) => sender(i)));
      expect(textsIn(intake)).toHaveLength(SENDERS * REQUESTS * RECORDS);
      expect(new Set(textsIn(intake)).size).toBe(SENDERS * REQUESTS * RECORDS);
      expect(counts).toEqual({ accepted: SENDERS * REQUESTS * RECORDS });
    });

    it("finishes what is under way when it is stopped", async () => {
      intake.hold();
      const answer = receiver.send(["one"]);
      await expect.poll(() => intake.waiting).toBe(1);
      const stopped = receiver.stop();
      intake.release();
      expect(await answer).toEqual({ kind: "accepted", rejected: 0 });
      await stopped;
      expect(textsIn(intake)).toEqual(["one"]);
    });
  });
}
