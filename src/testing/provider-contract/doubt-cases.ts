import { mayResend } from "../../domain/idempotency-contract.js";
import { assert } from "../assert.js";
import type { ProviderCase } from "./contract-case.js";
import type { CloudFault, ProviderFixture } from "./provider-fixture.js";
import { assertBoughtOnce, reportOn } from "./purchase-report.js";
import {
  approved,
  landed,
  lineOf,
  openSubject,
  ranInto,
  requestsSent,
  type Subject,
  sendsEnded,
  settled,
} from "./steps.js";
import type { ObservedSend } from "./watch-sends.js";

type OutcomeKind = ObservedSend["outcome"]["kind"];

/** The outcomes that a purchase call may report for each fault. */
const ANSWERS: readonly {
  readonly kind: Exclude<CloudFault["kind"], "lands-late" | "stale-listing">;
  readonly what: string;
  readonly may: readonly OutcomeKind[];
}[] = [
  { kind: "request-lost", what: "a connection reset before anything happened", may: ["unknown"] },
  { kind: "error-before", what: "a 5xx", may: ["unknown"] },
  { kind: "error-after", what: "a 5xx after the purchase", may: ["unknown"] },
  { kind: "reply-lost", what: "a connection reset after the purchase", may: ["unknown"] },
  { kind: "reply-cut", what: "a reply that breaks off", may: ["unknown", "committed"] },
  { kind: "reply-empty", what: "an empty reply", may: ["unknown", "committed"] },
  { kind: "reply-garbled", what: "a reply that is not the service's", may: ["unknown", "committed"] },
  { kind: "throttled", what: "throttling", may: ["not_now", "unknown"] },
  { kind: "unreachable", what: "a connection that is never made", may: ["not_sent", "unknown"] },
];

/** Cases about how the answers of a purchase call are judged, and about what ends a doubt. */
export const doubtCases: readonly ProviderCase[] = [
  ...ANSWERS.map(
    ({ kind, what, may }): ProviderCase => ({
      name: `takes ${what} for what it proves, sends one request per permit, and buys once in the end`,
      needs: [kind],
      async run(fixture) {
        const { subject, id, execution } = await ranInto(fixture, [{ kind }]);
        await assertOneSend(subject, may, kind === "unreachable" ? 0 : 1);
        assertNotGivenUp(lineOf(execution).state, execution.status);
        await fixture.cloud.heal();
        await settled(subject, id);
        assertBoughtOnce(await reportOn(subject, id), fixture);
      },
    }),
  ),
  {
    name: "takes a reply that does not come in the line's time for nothing, and buys once in the end",
    needs: ["no-reply"],
    async run(fixture) {
      const lineTimeoutMs = 60_000;
      const subject = openSubject(fixture, { engine: { lineTimeoutMs } });
      const id = await approved(subject);
      await fixture.cloud.fault({ kind: "no-reply" });
      const running = subject.engine.run(id);
      await landed(fixture);
      fixture.clock.advance(lineTimeoutMs);
      const execution = await running;
      await sendsEnded(subject);
      assertNotGivenUp(lineOf(execution).state, execution.status);
      await assertOneSend(subject, ["unknown"], 1);
      await settled(subject, id);
      assertBoughtOnce(await reportOn(subject, id), fixture);
    },
  },
  {
    name: "proves nothing by a lookup that fails, however long it fails, and adopts once it works again",
    needs: ["reply-lost", "lookup-fails"],
    run: (fixture) => staysInDoubtThrough(fixture, { kind: "lookup-fails" }),
  },
  {
    name: "proves nothing by a lookup that is denied, however long it is denied, and adopts once it is allowed",
    needs: ["reply-lost", "lookup-denied"],
    run: (fixture) => staysInDoubtThrough(fixture, { kind: "lookup-denied" }),
  },
  {
    name: "sends again only what the cloud dedupes, and then the very same request",
    needs: ["request-lost"],
    async run(fixture) {
      const { subject, id } = await ranInto(fixture, [{ kind: "request-lost" }]);
      assert.equal(await requestsSent(fixture), 1);
      const resends = await isResendable(subject, id);
      await subject.engine.run(id);
      const [first, ...again] = await fixture.cloud.requests();
      assert.equal(again.length, resends ? 1 : 0, "a resend does not follow from the declared contract");
      for (const { parameters } of again) assert.deepEqual(parameters, first?.parameters);
      await settled(subject, id);
      assertBoughtOnce(await reportOn(subject, id), fixture);
    },
  },
  {
    name: "takes the answer to a resend that meets the first purchase for no refusal",
    needs: ["reply-lost", "stale-listing"],
    async run(fixture) {
      const stale = { kind: "stale-listing", ms: fixture.provider.idempotency.visibilityLagMs } as const;
      const { subject, id } = await ranInto(fixture, [stale, { kind: "reply-lost" }]);
      await subject.engine.run(id);
      for (const { outcome } of subject.sends.slice(1))
        assert.ok(
          ["committed", "unknown", "not_now"].includes(outcome.kind),
          `the outcome of a resend is ${outcome.kind}`,
        );
      await settled(subject, id);
      assertBoughtOnce(await reportOn(subject, id), fixture);
    },
  },
];

async function assertOneSend({ fixture, sends }: Subject, may: readonly OutcomeKind[], sent: number): Promise<void> {
  assert.equal(await requestsSent(fixture), sent, "the cloud did not get the expected number of requests");
  assert.equal(sends.length, 1);
  const outcome = sends[0]?.outcome ?? assert.fail("nothing was sent");
  assert.ok(may.includes(outcome.kind), `the purchase call answered "${outcome.kind}", expected ${may.join(" or ")}`);
  if (outcome.kind === "committed")
    assert.ok(outcome.commitment.commitmentIds.every(Boolean), "the outcome has an empty commitment id");
}

function assertNotGivenUp(state: string, status: string): void {
  assert.notEqual(state, "rejected", "a missing answer was taken for a refusal");
  assert.notEqual(status, "failed");
}

/** Whether, by the declared contract, the engine sends an unsettled line again now. */
async function isResendable({ store, provider, fixture }: Subject, executionId: string): Promise<boolean> {
  const execution = (await store.get(executionId)) ?? assert.fail("the execution is gone");
  const { prepared, unprovedSince } = lineOf(execution);
  const now = fixture.clock.now();
  return prepared?.lane === undefined && unprovedSince !== null && mayResend(provider.idempotency, unprovedSince, now);
}

async function staysInDoubtThrough(fixture: ProviderFixture, lasting: CloudFault): Promise<void> {
  const { subject, id } = await ranInto(fixture, [{ kind: "reply-lost" }]);
  await fixture.cloud.fault(lasting);
  // The second round begins after the end of the settle wait, when absence would prove something.
  const execution = await settled(subject, id, 2);
  assert.equal(execution.status, "in_doubt");
  assert.equal(await requestsSent(fixture), 1, "a request was sent although nothing could be looked up");
  await fixture.cloud.heal();
  await settled(subject, id);
  assertBoughtOnce(await reportOn(subject, id), fixture);
}
