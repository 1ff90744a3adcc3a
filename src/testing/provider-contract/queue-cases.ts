import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import { isBuyonceError } from "../../domain/errors.js";
import type { Execution } from "../../domain/execution.js";
import { assert } from "../assert.js";
import type { ProviderCase } from "./contract-case.js";
import type { CloudFault, ProviderFixture } from "./provider-fixture.js";
import { assertBoughtOnce, reportOn } from "./purchase-report.js";
import { contextOf, lineOf, passed, ranInto, requestsSent, type Subject, settled, tokenOf } from "./steps.js";

const WITHDRAWER = { canceledBy: "contract" };

/** Cases of a line whose purchase waits in the cloud's queue before it starts. */
export const queueCases: readonly ProviderCase[] = [
  {
    name: "queues a held line once, finds it, and withdraws it before it starts, as often as it is told to",
    needs: ["queue", "found-by-token"],
    async run(fixture) {
      const { subject, execution } = await queuedUp(fixture);
      const found = await lookedUp(subject, execution);
      assert.deepEqual(found?.commitmentIds, lineOf(execution).commitment?.commitmentIds);
      assert.deepEqual(found?.differences, []);
      const withdrawn = await subject.engine.cancelQueued(execution.id, 0, WITHDRAWER);
      assert.equal(lineOf(withdrawn).commitment?.withdrawn?.by, WITHDRAWER.canceledBy);
      assert.deepEqual(await livePurchases(fixture), [], "the withdrawn purchase still starts");
      assert.deepEqual(await cancelQueued(subject, execution), { kind: "withdrawn" });
      assert.equal(await requestsSent(fixture), 1);
    },
  },
  {
    name: "does not say that it withdrew what has started",
    needs: ["queue"],
    async run(fixture) {
      const { subject, execution } = await queuedUp(fixture);
      await passed(fixture, holdOf(fixture));
      const refusal = await subject.engine.cancelQueued(execution.id, 0, WITHDRAWER).then(
        () => assert.fail("a purchase that had started was withdrawn"),
        (thrown: unknown) => thrown,
      );
      assert.ok(isBuyonceError(refusal, "CANCEL_QUEUED_REFUSED", "CANCEL_QUEUED_FAILED"), String(refusal));
      assert.equal((await livePurchases(fixture)).length, 1);
    },
  },
  {
    name: "says nothing of a withdrawal that it could not make sure of",
    needs: ["queue", "lookup-fails"],
    async run(fixture) {
      const { subject, execution } = await queuedUp(fixture);
      await fixture.cloud.fault({ kind: "lookup-fails" });
      const end = await cancelQueued(subject, execution).then(
        ({ kind }) => kind,
        () => "threw",
      );
      assert.equal(end, "threw");
      await fixture.cloud.heal();
      assert.deepEqual(await cancelQueued(subject, execution), { kind: "withdrawn" });
      assert.deepEqual(await livePurchases(fixture), []);
    },
  },
  {
    name: "adopts a held line once after a lost reply",
    needs: ["queue", "reply-lost"],
    run: (fixture) => queuesThrough(fixture, { kind: "reply-lost" }),
  },
  {
    name: "sends a held line again only as the very same request, and queues it once, after a lost request",
    needs: ["queue", "request-lost"],
    run: (fixture) => queuesThrough(fixture, { kind: "request-lost" }),
  },
];

const queuedOf = ({ queued }: ProviderFixture): CommitmentRequest =>
  queued ?? assert.fail("the fixture has no held line");

function holdOf(fixture: ProviderFixture): number {
  const queued = queuedOf(fixture);
  return ("holdMs" in queued ? queued.holdMs : undefined) ?? assert.fail("the held line has no holdMs");
}

async function queuedUp(fixture: ProviderFixture) {
  const { subject, id } = await ranInto(fixture, [], queuedOf(fixture));
  const execution = await settled(subject, id);
  assertBoughtOnce(await reportOn(subject, id), { request: queuedOf(fixture) });
  return { subject, execution };
}

async function queuesThrough(fixture: ProviderFixture, fault: CloudFault): Promise<void> {
  const { subject, id } = await ranInto(fixture, [fault], queuedOf(fixture));
  await passed(fixture, 1_000);
  await subject.engine.run(id);
  const [first, ...again] = await fixture.cloud.requests();
  for (const { parameters } of again) assert.deepEqual(parameters, first?.parameters);
  await settled(subject, id);
  assertBoughtOnce(await reportOn(subject, id), { request: queuedOf(fixture) });
}

const lookedUp = ({ provider, fixture }: Subject, execution: Execution) =>
  provider.lookup(queuedOf(fixture), tokenOf(execution), contextOf({ fixture }, lineOf(execution)));

async function cancelQueued({ provider, fixture }: Subject, execution: Execution) {
  const line = lineOf(execution);
  const commitment = line.commitment ?? assert.fail("nothing is recorded");
  const withdrawal = provider.cancelQueued?.(commitment, tokenOf(execution), contextOf({ fixture }, line));
  return (await withdrawal) ?? assert.fail("the provider cannot withdraw what it queued");
}

const livePurchases = async ({ cloud }: ProviderFixture) => (await cloud.purchases()).filter(({ live }) => live);
