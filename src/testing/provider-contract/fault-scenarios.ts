import { messageOf } from "../../domain/errors.js";
import { assert } from "../assert.js";
import { type CrashPoint, crashAtEvent } from "./crash-at-event.js";
import type { CloudAbility, CloudFault, ProviderFixture } from "./provider-fixture.js";
import { type PurchaseReport, reportOn } from "./purchase-report.js";
import { approved, openSubject, passed, type Subject, settled } from "./steps.js";

/** One way in which a purchase goes wrong, from submission to rest. */
export interface FaultScenario {
  /** What goes wrong. The name is stable. */
  readonly name: string;
  /** The abilities that a fixture must have for this scenario. */
  readonly needs: readonly CloudAbility[];
  /**
   * Plays the scenario in a fresh fixture, lets time pass and ticks until the line is at rest, and reports the result.
   *
   * The caller closes the fixture.
   */
  run(fixture: ProviderFixture): Promise<PurchaseReport>;
}

const MINUTE_MS = 60_000;

/** The ways in which a purchase goes wrong that every provider must survive with exactly one commitment. */
export const FAULT_SCENARIOS: readonly FaultScenario[] = [
  crash("a crash before the request is sent", { event: "write_ahead", moment: "after" }),
  crash("a crash after the cloud bought, before it is recorded", { event: "committed", moment: "before" }),
  crash("a crash after the purchase is recorded, before it is labeled", { event: "committed", moment: "after" }),
  fault("a lost reply", { kind: "reply-lost" }),
  fault("a 5xx after the cloud bought", { kind: "error-after" }),
  fault("a throttled request", { kind: "throttled" }),
  {
    name: "a lost reply, with listings that do not show the purchase yet",
    needs: ["reply-lost", "stale-listing"],
    run: (fixture) =>
      play(fixture, async ({ engine, provider }, id) => {
        await fixture.cloud.fault({ kind: "stale-listing", ms: provider.idempotency.visibilityLagMs });
        await fixture.cloud.fault({ kind: "reply-lost" });
        await engine.run(id);
      }),
  },
  {
    name: "two workers at once",
    needs: [],
    run: (fixture) =>
      play(fixture, async ({ worker, engine }, id) => {
        await Promise.all([engine.run(id), worker().run(id), worker().tick()]);
      }),
  },
  fault("a request that lands ten minutes late", { kind: "lands-late", ms: 10 * MINUTE_MS }),
];

async function play(
  fixture: ProviderFixture,
  strike: (subject: Subject, executionId: string) => Promise<void>,
): Promise<PurchaseReport> {
  const subject = openSubject(fixture);
  const executionId = await approved(subject);
  await strike(subject, executionId);
  await settled(subject, executionId);
  // After this time, every request on its way to the cloud has landed or will never land.
  await passed(fixture, 60 * MINUTE_MS);
  return reportOn(subject, executionId);
}

function fault(name: string, struck: CloudFault): FaultScenario {
  return {
    name,
    needs: [struck.kind],
    run: (fixture) =>
      play(fixture, async ({ engine }, executionId) => {
        await fixture.cloud.fault(struck);
        await engine.run(executionId);
      }),
  };
}

function crash(name: string, point: CrashPoint): FaultScenario {
  return {
    name,
    needs: [],
    run: (fixture) =>
      play(fixture, async (subject, executionId) => {
        const ports = crashAtEvent(subject, point);
        const dying = subject.worker({ store: ports.store, providers: [ports.provider] });
        const end = await dying.run(executionId).then(({ status }) => status, messageOf);
        assert.ok(ports.isDead(), `the worker never reached the point of its crash: ${end}`);
      }),
  };
}
