import { describe, expect, test } from "vitest";
import type { AwsDedicatedHostsRequest } from "../../../src/domain/commitment-request/aws-dedicated-hosts.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { deriveIdempotencyToken } from "../../../src/idempotency/derive-idempotency-token.js";
import { ec2DedicatedHostReservations } from "../../../src/providers/aws/services/ec2-dedicated-host-reservations.js";
import { savingsPlans } from "../../../src/providers/aws/services/savings-plans.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { ACCOUNT, ec2Client, planRequest, plansClient, seen, simulated } from "./simulated-line.js";

const MINUTE = 60_000;

const hostsRequest: AwsDedicatedHostsRequest = {
  service: "aws.ec2-dedicated-hosts",
  account: ACCOUNT,
  region: "us-east-1",
  quantity: 2,
  term: "1yr",
  payment: "all_upfront",
  expectedPrice: { amount: "52592.62", currency: "USD" },
  instanceFamily: "m5",
  hostIds: ["h-m5-1", "h-m5-2"],
};

const SERVICES = [
  { name: "Savings Plans", operation: "CreateSavingsPlan", field: "clientToken", request: planRequest() },
  { name: "Dedicated Hosts", operation: "PurchaseHostReservation", field: "ClientToken", request: hostsRequest },
] as const;

describe.each(SERVICES)("a line of $name whose reply was lost and whose payment failed", (service) => {
  const { operation, field, request } = service;

  /** Until tick has ended the doubt; the cloud remembers client tokens for a day. */
  async function spent() {
    const clock = manualClock(Date.now());
    const cloud = await simulated({ clock, maxClockSkewMs: 15 * MINUTE });
    const [plans, hosts] = [plansClient(cloud), ec2Client(cloud)];
    const providers = [
      savingsPlans({ clientFor: () => plans }),
      ec2DedicatedHostReservations({ clientFor: () => hosts }),
    ];
    const store = memoryStore({ clock });
    const engine = createPurchaseEngine({
      ...UNGUARDED,
      store,
      providers,
      clock,
      logger: silentLogger,
    });
    const { id } = await engine.submit({ requestKey: "k", createdBy: "ann", lines: [request] });
    await engine.approve(id, { approvedBy: "bob" });
    await cloud.simulator.faults.add({ operation, kind: "payment-fails" });
    await cloud.simulator.faults.add({ operation, kind: "reset-after" });
    await engine.run(id);
    for (let passed = 0; passed < 60 * MINUTE; passed += 2 * MINUTE) {
      clock.advance(2 * MINUTE);
      await engine.tick();
    }
    const states = async () => (await cloud.simulator.ledger.purchases()).map(({ state }) => state);
    const execution = await store.get(id);
    const token = deriveIdempotencyToken(execution?.lineageKey ?? "", 0);
    return { cloud, engine, execution, states, token, id };
  }

  test("is not recorded as bought by what the cloud remembers of its client token", async () => {
    const { cloud, execution, states } = await spent();
    expect(await states()).toEqual(["payment-failed"]);
    expect(execution).toMatchObject({ status: "failed", lines: [{ rejection: { code: "payment-failed" } }] });
    expect(await seen(cloud, operation)).toHaveLength(1);
  });

  test("names the dead commitment and not its token", async () => {
    const { cloud, engine, execution, token, id } = await spent();
    const [{ commitmentId = "" } = {}] = await cloud.simulator.ledger.purchases();
    expect(execution?.lines[0]?.rejection?.message).toContain(`${commitmentId} is payment-failed`);
    for (const told of [execution?.lines[0]?.rejection, await engine.events(id)])
      expect(JSON.stringify(told)).not.toContain(token.slice(0, 40));
  });

  test("is bought under another client token, and its own tag, once a person retries it", async () => {
    const { cloud, engine, states, token, id } = await spent();
    const { id: successor } = await engine.retry(id, { requestedBy: "ann" });
    await engine.approve(successor, { approvedBy: "bob" });
    expect(await engine.run(successor)).toMatchObject({ status: "completed", lines: [{ state: "committed" }] });
    expect(await states()).toEqual(["payment-failed", "active"]);
    const sent = (await seen(cloud, operation)).map(({ params }) => String(params[field]));
    expect(sent).toEqual([token, `buyonce-${token.slice(0, 40)}-2`]);
    const tags = (await cloud.simulator.ledger.purchases()).map((purchase) => purchase.tags["buyonce:token"]);
    expect(tags).toEqual([token, token]);
  });
});
