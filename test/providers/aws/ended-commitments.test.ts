import {
  DeleteQueuedReservedInstancesCommand,
  EC2Client,
  ModifyReservedInstancesCommand,
  PurchaseReservedInstancesOfferingCommand,
  type ReservedInstancesConfiguration,
} from "@aws-sdk/client-ec2";
import { AcceptReservedNodeExchangeCommand, RedshiftClient } from "@aws-sdk/client-redshift";
import { DeleteQueuedSavingsPlanCommand, SavingsplansClient } from "@aws-sdk/client-savingsplans";
import { describe, expect, onTestFinished, test } from "vitest";
import { AWS_STATES } from "../../../src/providers/aws/aws-states.js";
import type { SightingMeaning } from "../../../src/providers/commitment-provider.js";
import { DAY, type DoubtWorld, doubtWorld, purchasesIn, SETTLE_WAIT } from "./doubt-world.js";
import { ADAPTERS, adapterOf } from "./every-adapter.js";
import { ACCOUNT, ec2Request, planRequest } from "./simulated-line.js";

const EC2 = adapterOf("aws.ec2");
const REDSHIFT = adapterOf("aws.redshift");
const HOLD_MS = 12 * 3_600_000;

/** A client of the line's account, by which a person does something in the console. */
function byHand<Client extends { destroy(): void }>(
  { simulator }: Pick<DoubtWorld, "simulator">,
  Client: new (config: object) => Client,
): Client {
  const credentials = simulator.credentialsFor(ACCOUNT);
  const client = new Client({ endpoint: simulator.url, region: "us-east-1", credentials });
  onTestFinished(() => client.destroy());
  return client;
}

/** What a line ends as when its purchase, whose reply was lost, is found in a state. */
const ENDS: Readonly<Record<SightingMeaning, (found: { id: string; state: string }) => object>> = {
  live: ({ id }) => ({ state: "committed", commitment: { commitmentIds: [id], adopted: true } }),
  ended: ({ id, state }) => ({ state: "committed", commitment: { commitmentIds: [id], over: { state } } }),
  void: ({ state }) => ({ state: "rejected", rejection: { code: state } }),
  unclear: ({ id }) => ({ state: "in_doubt", doubt: { needsPerson: true, candidates: [id] } }),
  pending: ({ id }) => ({ state: "in_doubt", doubt: { candidates: [id] } }),
};

/** The state of a commitment whose term is over, and a state that does not tell why it is over. */
const OVER: Readonly<Record<string, { readonly ended: string; readonly early: string }>> = {
  "aws.ec2-capacity-blocks": { ended: "expired", early: "cancelled" },
};

/** How long it takes until a commitment of a line has surely ended. */
const untilItsEnd = ({ request }: (typeof ADAPTERS)[number], now: number): number =>
  "endsAt" in request ? Date.parse(request.endsAt) + DAY - now : 366 * DAY;

describe.each(ADAPTERS)("a purchase of $service whose reply is lost", { timeout: 30_000 }, (adapter) => {
  const { ended, early } = OVER[adapter.service] ?? { ended: "retired", early: "retired" };
  const table = AWS_STATES[adapter.service as keyof typeof AWS_STATES];
  const states = Object.entries(table).map(([state, { means }]) => [state, means] as const);

  test.each([...states, ["being-invented", "live"] as const])(
    "and which is %s while its line is in doubt is %s, and is not bought again",
    async (state, meaning) => {
      const world = await doubtWorld(adapter);
      const { id, commitmentId } = await world.replyLost();
      await world.simulator.states.set(commitmentId, state);
      await world.pass(2 * SETTLE_WAIT);
      expect(await world.line(id)).toMatchObject(ENDS[meaning]({ id: commitmentId, state }));
      await world.pass(2 * SETTLE_WAIT);
      expect(await world.purchases()).toHaveLength(1);
      expect(await world.sent()).toHaveLength(1);
    },
  );

  test("and whose ticks stand still until its term is over was bought", async () => {
    const world = await doubtWorld(adapter);
    const { id, commitmentId } = await world.replyLost();
    await world.standStill(untilItsEnd(adapter, world.clock.now()));
    const commitment = { commitmentIds: [commitmentId], over: { state: ended } };
    expect(await world.line(id)).toMatchObject({ state: "committed", commitment });
    expect(await world.purchases()).toHaveLength(1);
  });

  test("and which is over early ends by a person's word, also as bought", async () => {
    const world = await doubtWorld(adapter);
    const { id, commitmentId } = await world.replyLost();
    await world.simulator.states.set(commitmentId, early);
    await world.pass(2 * SETTLE_WAIT);
    const evidence = { commitmentIds: [commitmentId] };
    await world.engine.resolve(id, 0, { resolvedBy: "ann", outcome: "committed", evidence });
    expect(await world.found(id)).toMatchObject({ status: "completed", lines: [{ state: "committed" }] });
    expect(await world.sent()).toHaveLength(1);
  });
});

describe("a Redshift node that somebody exchanges while its line is in doubt", () => {
  /** The line's node, and a client that exchanges it for nodes of another offering of Redshift. */
  async function exchanged(wanted: { readonly nodeType: string; readonly nodeOfferingType: string }) {
    const world = await doubtWorld(REDSHIFT);
    const { id, commitmentId } = await world.replyLost();
    world.clock.advance(10 * 60_000);
    const offerings = await world.simulator.offerings.list("aws.redshift", "us-east-1");
    const target = offerings.find(
      ({ nodeType, nodeOfferingType, offeringType, durationSeconds }) =>
        nodeType === wanted.nodeType &&
        nodeOfferingType === wanted.nodeOfferingType &&
        offeringType === "All Upfront" &&
        durationSeconds === 31_536_000,
    );
    const order = { ReservedNodeId: commitmentId, TargetReservedNodeOfferingId: target?.offeringId };
    const client = byHand(world, RedshiftClient);
    const { ExchangedReservedNode } = await client.send(new AcceptReservedNodeExchangeCommand(order));
    return { world, id, commitmentId, target, made: ExchangedReservedNode?.ReservedNodeId ?? "" };
  }

  test("was bought, and is not bought again", async () => {
    const { world, id, commitmentId, target } = await exchanged({
      nodeType: "ra3.4xlarge",
      nodeOfferingType: "Regular",
    });
    await world.pass(3 * SETTLE_WAIT);
    const became = `exchanged into 2 ra3.4xlarge of offering ${target?.offeringId}`;
    expect(await world.line(id)).toMatchObject({
      state: "committed",
      commitment: { commitmentIds: [commitmentId], over: { state: "retired", became } },
    });
    expect(await world.sent()).toHaveLength(1);
    expect(await purchasesIn(world)).toBe(1);
  });

  test("for one that looks like the line's own leaves both to a person", async () => {
    const { world, id, commitmentId, made } = await exchanged({ nodeType: "ra3.xlplus", nodeOfferingType: "Regular" });
    await world.pass(3 * SETTLE_WAIT);
    expect(await world.line(id)).toMatchObject({
      state: "in_doubt",
      doubt: { needsPerson: true, candidates: [commitmentId, made] },
    });
    expect(await world.sent()).toHaveLength(1);
  });

  test("stays in doubt as long as Redshift does not say what became of it", async () => {
    const { world, id } = await exchanged({ nodeType: "ra3.4xlarge", nodeOfferingType: "Regular" });
    const operation = "DescribeReservedNodeExchangeStatus";
    await world.fault({ operation, kind: "error", code: "AccessDenied", status: 403, times: 1_000 });
    await world.pass(3 * SETTLE_WAIT);
    expect(await world.line(id)).toMatchObject({ state: "in_doubt", lastError: { code: "LOOKUP_FAILED" } });
    await world.simulator.faults.clear();
    await world.pass(SETTLE_WAIT);
    expect(await world.line(id)).toMatchObject({ state: "committed" });
    expect(await world.sent()).toHaveLength(1);
  });
});

describe("an EC2 commitment that somebody modifies while its line is in doubt", () => {
  const ZONE = { AvailabilityZone: "us-east-1a", Scope: "Availability Zone" } as const;

  /** The line's commitment, modified; what it was modified into. */
  async function modified(targets: readonly ReservedInstancesConfiguration[]) {
    const world = await doubtWorld(EC2);
    const { id, commitmentId } = await world.replyLost();
    world.clock.advance(10 * 60_000);
    const client = byHand(world, EC2Client);
    const command = { ReservedInstancesIds: [commitmentId], TargetConfigurations: [...targets] };
    await client.send(new ModifyReservedInstancesCommand(command));
    const made = (await world.purchases()).map((one) => one.commitmentId).filter((one) => one !== commitmentId);
    return { world, id, commitmentId, made };
  }

  test.each<readonly [string, readonly ReservedInstancesConfiguration[]]>([
    ["another zone", [{ InstanceCount: 2, ...ZONE }]],
    ["another size", [{ InstanceCount: 1, InstanceType: "m5.xlarge" }]],
    ["two of the same kind, which look like the line's own", [{ InstanceCount: 1 }, { InstanceCount: 1 }]],
    ["one of the same kind and one of a zone", [{ InstanceCount: 1 }, { InstanceCount: 1, ...ZONE }]],
  ])("into %s was bought, and is not bought again", async (_what, targets) => {
    const { world, id, commitmentId, made } = await modified(targets);
    await world.pass(3 * SETTLE_WAIT);
    expect(await world.line(id)).toMatchObject({
      state: "committed",
      commitment: {
        commitmentIds: [commitmentId],
        over: { state: "retired", became: `modified into ${made.join(", ")}` },
      },
    });
    expect(await world.sent()).toHaveLength(1);
    expect(await purchasesIn(world)).toBe(1);
  });

  test("stays in doubt as long as EC2 does not say what became of it", async () => {
    const { world, id } = await modified([{ InstanceCount: 2, ...ZONE }]);
    const operation = "DescribeReservedInstancesModifications";
    await world.fault({ operation, kind: "error", code: "UnauthorizedOperation", status: 403, times: 1_000 });
    await world.pass(3 * SETTLE_WAIT);
    expect(await world.line(id)).toMatchObject({ state: "in_doubt", lastError: { code: "LOOKUP_FAILED" } });
    await world.simulator.faults.clear();
    await world.pass(SETTLE_WAIT);
    expect(await world.line(id)).toMatchObject({ state: "committed" });
    expect(await world.sent()).toHaveLength(1);
  });
});

describe("an EC2 commitment of somebody else that is modified while a line is in doubt whose request was lost", () => {
  /** Somebody's commitment, and a line whose request never landed; then the modification. */
  async function modifiedByOthers(
    theirs: Parameters<typeof ec2Request>[0],
    targets: readonly ReservedInstancesConfiguration[],
  ) {
    const world = await doubtWorld(EC2);
    const client = byHand(world, EC2Client);
    const loose = { priceTolerancePercent: 20, expectedPrice: { amount: "1000", currency: "USD" } } as const;
    const context = {
      signal: new AbortController().signal,
      logger: console,
      now: world.clock.now(),
      lineageAttempt: 1,
    };
    const { reference } = await world.provider.prepare(ec2Request({ ...theirs, ...loose }), "theirs", context);
    const order = { ReservedInstancesOfferingId: reference, InstanceCount: 2 };
    const { ReservedInstancesId = "" } = await client.send(new PurchaseReservedInstancesOfferingCommand(order));
    const id = await world.approved(EC2.request);
    await world.fault({ operation: EC2.purchase, kind: "reset-before" });
    expect(await world.engine.run(id)).toMatchObject({ status: "in_doubt" });
    const command = { ReservedInstancesIds: [ReservedInstancesId], TargetConfigurations: [...targets] };
    await client.send(new ModifyReservedInstancesCommand(command));
    return { world, id };
  }

  test.each<readonly [string, Parameters<typeof ec2Request>[0], readonly ReservedInstancesConfiguration[]]>([
    ["of the same kind", {}, [{ InstanceCount: 1 }, { InstanceCount: 1 }]],
    [
      "of another kind, into the line's",
      { scope: "availability_zone", availabilityZone: "us-east-1a" },
      [{ InstanceCount: 2, Scope: "Region" }],
    ],
  ])("(%s) is not taken for the line's, which is bought once", async (_what, theirs, targets) => {
    const { world, id } = await modifiedByOthers(theirs, targets);
    await world.pass(2 * SETTLE_WAIT);
    expect(await world.found(id)).toMatchObject({ status: "completed" });
    const ours = (await world.purchases()).at(-1);
    expect(await world.line(id)).toMatchObject({
      commitment: { commitmentIds: [ours?.commitmentId], adopted: false },
    });
    expect(await purchasesIn(world)).toBe(2);
  });
});

test("a convertible EC2 commitment that is over early is left to a person: no call tells of exchanges", async () => {
  const world = await doubtWorld(EC2);
  const request = ec2Request({ offeringClass: "convertible", priceTolerancePercent: 20 });
  const { id, commitmentId } = await world.replyLost({
    ...request,
    expectedPrice: { amount: "1145.44", currency: "USD" },
  });
  await world.simulator.states.set(commitmentId, "retired");
  await world.pass(3 * SETTLE_WAIT);
  expect(await world.line(id)).toMatchObject({
    state: "in_doubt",
    doubt: { needsPerson: true, candidates: [commitmentId] },
  });
  expect(await world.sent()).toHaveLength(1);
});

const QUEUES = [
  {
    adapter: EC2,
    request: ec2Request({ holdMs: HOLD_MS }),
    withdraw: (world: DoubtWorld, id: string) =>
      byHand(world, EC2Client).send(new DeleteQueuedReservedInstancesCommand({ ReservedInstancesIds: [id] })),
  },
  {
    adapter: adapterOf("aws.savings-plans"),
    request: planRequest({ holdMs: HOLD_MS }),
    withdraw: (world: DoubtWorld, savingsPlanId: string) =>
      byHand(world, SavingsplansClient).send(new DeleteQueuedSavingsPlanCommand({ savingsPlanId })),
  },
];

describe.each(QUEUES)("a queued purchase of $adapter.service that somebody deletes in the console", (queue) => {
  const { adapter, request, withdraw } = queue;

  test("while its line is in doubt is rejected, and not bought again without a person", async () => {
    const world = await doubtWorld(adapter);
    const { id, commitmentId } = await world.replyLost(request);
    await withdraw(world, commitmentId);
    await world.pass(3 * SETTLE_WAIT);
    expect(await world.found(id)).toMatchObject({
      status: "failed",
      lines: [{ state: "rejected", rejection: { code: "queued-deleted" } }],
    });
    expect(await world.sent()).toHaveLength(1);
    expect(await world.purchases()).toMatchObject([{ commitmentId, state: "queued-deleted" }]);
  });

  test("is bought once more when a person retries it", async () => {
    const world = await doubtWorld(adapter);
    const { id, commitmentId } = await world.replyLost(request);
    await withdraw(world, commitmentId);
    await world.pass(3 * SETTLE_WAIT);
    const { id: successor } = await world.engine.retry(id, { requestedBy: "ann" });
    await world.engine.approve(successor, { approvedBy: "bob" });
    await world.engine.run(successor);
    await world.pass(SETTLE_WAIT);
    expect(await world.found(successor)).toMatchObject({ status: "completed", lines: [{ state: "committed" }] });
    expect((await world.purchases()).map(({ state }) => state)).toEqual(["queued-deleted", "queued"]);
  });

  test("after its reply has nothing to label, and the line says so", async () => {
    const world = await doubtWorld(adapter);
    const id = await world.approved(request);
    // Until then it is not labeled: EC2's tag is not taken, the plan's is lost.
    const operation = adapter === EC2 ? "CreateTags" : "CreateSavingsPlan";
    const kind = adapter === EC2 ? "lost-tag" : "lost-tag-at-creation";
    await world.fault({ operation, kind });
    await world.engine.run(id);
    const [purchase] = await world.purchases();
    await withdraw(world, purchase?.commitmentId ?? "");
    await world.pass(SETTLE_WAIT);
    expect(await world.line(id)).toMatchObject({ state: "committed", needsLabel: false });
    expect(await world.sent()).toHaveLength(1);
  });
});
