import { strict as assert } from "node:assert";
import { isTerminal } from "../../state-machine/transitions.js";
import type { ProviderCase } from "./contract-case.js";
import type { CloudUnderTest, ProviderFixture } from "./provider-fixture.js";
import { assertBoughtOnce, reportOn } from "./purchase-report.js";
import { lineOf, ranInto, requestsSent, type Subject, settled } from "./steps.js";

/** What becomes of a purchase that the cloud shows and has not finished. */
export const pendingCases: readonly ProviderCase[] = [
  {
    name: "leaves a purchase that the cloud has not finished in doubt, and adopts it once it is finished",
    needs: ["pending", "reply-lost"],
    async run(fixture) {
      const { subject, id, finish } = await waited(fixture);
      await finish(({ finished }) => finished);
      await settled(subject, id);
      assertBoughtOnce(await reportOn(subject, id), fixture);
      assert.equal(await requestsSent(fixture), 1);
    },
  },
  {
    name: "leaves a purchase that the cloud has not finished in doubt, and records nothing of it once it has failed",
    needs: ["pending", "reply-lost"],
    async run(fixture) {
      const { subject, id, finish } = await waited(fixture);
      await finish(({ failed }) => failed);
      const execution = await settled(subject, id);
      assert.ok(isTerminal(execution.status), `a purchase that failed leaves the execution ${execution.status}`);
      const { lineState, purchases, recordedIds, cloudIds } = await reportOn(subject, id);
      assert.deepEqual(recordedIds, cloudIds, "other ids are recorded than the cloud has");
      // What failed may be bought afresh, once.
      assert.equal(purchases, lineState === "committed" ? 1 : 0);
    },
  },
];

type Pending = NonNullable<NonNullable<CloudUnderTest["states"]>["pending"]>;

/** Loses the reply to a purchase and goes through every state on its way, in each for longer than any wait. */
async function waited(fixture: ProviderFixture) {
  const { subject, id } = await ranInto(fixture, [{ kind: "reply-lost" }]);
  const pending =
    fixture.cloud.states?.pending ?? assert.fail("the fixture names no pending states: it cannot `pending`");
  assert.ok(pending.onItsWay.length > 0, "the fixture names no state on the way");
  for (const state of pending.onItsWay) {
    await setStates(fixture, state);
    await assertStillInDoubt(subject, id, state);
  }
  return { subject, id, finish: (end: (pending: Pending) => string) => setStates(fixture, end(pending)) };
}

async function setStates({ cloud }: ProviderFixture, state: string): Promise<void> {
  for (const { commitmentId } of await cloud.purchases())
    await (cloud.setState?.(commitmentId, state) ?? assert.fail("the fixture has no setState"));
}

async function assertStillInDoubt(subject: Subject, executionId: string, state: string): Promise<void> {
  // The second round begins after the end of the settle wait, when absence would prove something.
  const execution = await settled(subject, executionId, 2);
  assert.equal(lineOf(execution).state, "in_doubt", `a purchase that is "${state}" is taken for decided`);
  assert.equal(execution.status, "in_doubt");
  assert.deepEqual(
    lineOf(execution).doubt?.candidates,
    (await subject.fixture.cloud.purchases()).map(({ commitmentId }) => commitmentId),
    "the doubt does not name what the cloud is at work on",
  );
  assert.equal(await requestsSent(subject.fixture), 1, `a request was sent beside a purchase that is "${state}"`);
}
