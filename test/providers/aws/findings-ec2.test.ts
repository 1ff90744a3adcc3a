import {
  ModifyReservedInstancesCommand,
  PurchaseReservedInstancesOfferingCommand,
  type ReservedInstancesConfiguration,
} from "@aws-sdk/client-ec2";
import type { AwsSimulatorOptions, ReservedInstancesOffering } from "buyonce/simulator";
import { describe, expect, test } from "vitest";
import type { AwsEc2Request } from "../../../src/domain/commitment-request/aws-ec2.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { createPurchaseEngine } from "../../../src/engine/purchase-engine.js";
import { ec2ReservedInstances } from "../../../src/providers/aws/services/ec2-reserved-instances.js";
import { TOKEN_TAG } from "../../../src/providers/aws/token-tag.js";
import { memoryStore } from "../../../src/stores/memory/memory-store.js";
import { manualClock } from "../../../src/testing/manual-clock.js";
import { UNGUARDED } from "../../support/unguarded.js";
import { type Answer, changeAnswers } from "./changed-answers.js";
import { context, ec2Client, ec2Request, seen, simulated, TOKEN } from "./simulated-line.js";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SETTLE_WAIT = 21 * MINUTE;
const PURCHASE = "PurchaseReservedInstancesOffering";
const ZONE = { AvailabilityZone: "us-east-1a", Scope: "Availability Zone" } as const;

/** What a person does to a commitment in the console. */
const modification = (id: string, ...TargetConfigurations: ReservedInstancesConfiguration[]) =>
  new ModifyReservedInstancesCommand({ ReservedInstancesIds: [id], TargetConfigurations });

/** The whole path with a real client; one clock for engine, store and cloud, which `onPurchase` may move. */
async function ec2World(options: AwsSimulatorOptions = {}, onPurchase: (nth: number) => void = () => {}) {
  const clock = manualClock(Date.now());
  const cloud = await simulated({ clock, maxClockSkewMs: 15 * MINUTE, ...options });
  const client = ec2Client(cloud);
  const real = ec2ReservedInstances({ clientFor: () => client });
  let purchases = 0;
  const provider: typeof real = {
    ...real,
    purchase: (permit, purchasing) => {
      purchases += 1;
      onPurchase(purchases);
      return real.purchase(permit, purchasing);
    },
  };
  const store = memoryStore({ clock });
  const engine = createPurchaseEngine({
    ...UNGUARDED,
    store,
    providers: [provider],
    clock,
    logger: silentLogger,
  });
  async function approved(...lines: readonly AwsEc2Request[]): Promise<string> {
    const { id } = await engine.submit({ requestKey: "basket", createdBy: "ann", lines });
    await engine.approve(id, { approvedBy: "bob" });
    return id;
  }
  /** Lets time pass, with a tick every two minutes. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 2 * MINUTE) {
      clock.advance(2 * MINUTE);
      await engine.tick();
    }
  }
  const idsOf = async (id: string) =>
    (await store.get(id))?.lines.map(({ commitment }) => commitment?.commitmentIds.join(" "));
  return { ...cloud, clock, client, provider, store, engine, approved, pass, idsOf };
}
type World = Awaited<ReturnType<typeof ec2World>>;

/** Changes what listings show of every commitment. */
const changeListed = ({ client }: Pick<World, "client">, change: (entry: Answer) => void): void =>
  changeAnswers(client, "DescribeReservedInstances", (output) =>
    (output["ReservedInstances"] as Answer[]).forEach(change),
  );

describe("two lines of one lane, while listings lag", () => {
  test("are each labeled as what they bought, never as what the other one did", async () => {
    // The second purchase is made, and labeled, just as the first one comes to be listed.
    const world: World = await ec2World({ listingLagMs: 2_000 }, (nth) => {
      if (nth === 2) world.clock.advance(2_000);
    });
    const id = await world.approved(ec2Request(), ec2Request());
    await world.engine.run(id);
    await world.pass(30 * MINUTE);
    const purchases = await world.simulator.ledger.purchases();
    expect(await world.idsOf(id)).toEqual(purchases.map(({ commitmentId }) => commitmentId));
    expect((await world.store.get(id))?.lines).toMatchObject([{ needsLabel: false }, { needsLabel: false }]);
    expect(new Set(purchases.map(({ tags }) => tags[TOKEN_TAG])).size).toBe(2);
  });
});

describe("two lines whose platforms differ in nothing but the network", () => {
  const offering = (productDescription: string, offeringId: string): ReservedInstancesOffering => ({
    offeringId,
    region: "us-east-1",
    instanceType: "m5.large",
    productDescription,
    instanceTenancy: "default",
    offeringClass: "standard",
    offeringType: "All Upfront",
    durationSeconds: 31_536_000,
    scope: "Region",
    fixedPrice: 498.02,
    hourlyPrice: 0,
    marketplace: false,
  });
  const options: AwsSimulatorOptions = {
    offerings: {
      reservedInstances: [
        offering("Linux/UNIX", "00000000-0000-4000-8000-000000000001"),
        offering("Linux/UNIX (Amazon VPC)", "00000000-0000-4000-8000-000000000002"),
      ],
      replace: true,
    },
  };

  test("wait for each other, as their purchases cannot be told apart in the listing", async () => {
    const world = await ec2World(options);
    const id = await world.approved(ec2Request(), ec2Request({ platform: "Linux/UNIX (Amazon VPC)" }));
    await world.simulator.faults.add({ operation: PURCHASE, kind: "reset-after", times: 2 });
    await world.engine.run(id);
    expect(await seen(world, PURCHASE)).toHaveLength(1);
    await world.pass(3 * SETTLE_WAIT);
    const purchases = await world.simulator.ledger.purchases();
    expect(await world.idsOf(id)).toEqual(purchases.map(({ commitmentId }) => commitmentId));
    expect(purchases).toHaveLength(2);
  });
});

describe("a purchase that is labeled", () => {
  /** The purchase, and the sighting that a lookup has of it. */
  async function labeled() {
    const world = await ec2World();
    await world.engine.run(await world.approved(ec2Request()));
    const [{ commitmentId: id = "", tags = {} } = {}] = await world.simulator.ledger.purchases();
    const lookup = () =>
      world.provider.lookup(ec2Request(), tags[TOKEN_TAG] ?? "", context({ now: world.clock.now() }));
    return { ...world, id, lookup };
  }

  test("is still found by its token once it is modified, so that nothing buys it again", async () => {
    const { client, clock, id, lookup } = await labeled();
    clock.advance(30 * DAY);
    await client.send(modification(id, { InstanceCount: 2, ...ZONE }));
    expect(await lookup()).toMatchObject({
      commitmentIds: [id],
      differences: [],
      sighting: { meaning: "ended", became: expect.stringContaining("modified into ") },
    });
  });

  test("is still found by its token once its term is over, so that nothing buys it again", async () => {
    const { clock, id, lookup } = await labeled();
    clock.advance(366 * DAY);
    expect(await lookup()).toMatchObject({ commitmentIds: [id], differences: [], sighting: { meaning: "ended" } });
  });
});

test("what an older commitment was exchanged into is not adopted for a purchase that never landed", async () => {
  const world = await ec2World();
  const id = await world.approved(ec2Request());
  await world.simulator.faults.add({ operation: PURCHASE, kind: "reset-before" });
  await world.engine.run(id);
  const [write] = (await world.store.get(id))?.lines ?? [];
  const order = { ReservedInstancesOfferingId: write?.prepared?.reference, InstanceCount: 2 };
  await world.client.send(new PurchaseReservedInstancesOfferingCommand(order));
  // EC2 keeps the end of the old term, and no modification that it lists made this one: an exchange did.
  const ends = new Date(world.clock.now() + 100 * DAY);
  changeListed(world, (entry) => Object.assign(entry, { End: ends, FixedPrice: 0 }));
  await world.pass(2 * SETTLE_WAIT);
  const [{ commitmentId = "" } = {}] = await world.simulator.ledger.purchases();
  expect((await world.store.get(id))?.lines).toMatchObject([
    { state: "in_doubt", doubt: { needsPerson: true, candidates: [commitmentId] } },
  ]);
});

test("an offering that charges for use besides has no known price", async () => {
  const { client, provider } = await ec2World();
  changeAnswers(client, "DescribeReservedInstancesOfferings", (output) => {
    for (const offering of output["ReservedInstancesOfferings"] as Answer[]) offering["UsagePrice"] = 0.03;
  });
  await expect(provider.prepare(ec2Request(), TOKEN, context())).rejects.toMatchObject({
    code: "PREPARE_FAILED",
    message: expect.stringContaining("per hour of use"),
  });
});
