import {
  DescribeReservedInstancesModificationsCommand,
  ModifyReservedInstancesCommand,
  type ReservedInstancesConfiguration,
} from "@aws-sdk/client-ec2";
import { expect, it } from "vitest";
import { buy, ec2For, listed, ManualClock, simulatedAws } from "./simulated-aws.js";

const DAY_MS = 86_400_000;
/** The SDK signs by the machine's clock. */
const ANY_SKEW = 1e13;

/** A simulator with one commitment of one instance, a day old. */
async function bought() {
  const clock = new ManualClock();
  const simulator = await simulatedAws({ clock, maxClockSkewMs: ANY_SKEW });
  const client = ec2For(simulator);
  const id = await buy(client);
  clock.advance(DAY_MS);
  const modify = (ids: readonly string[], ...TargetConfigurations: ReservedInstancesConfiguration[]) =>
    client.send(new ModifyReservedInstancesCommand({ ReservedInstancesIds: [...ids], TargetConfigurations }));
  const modifications = () => client.send(new DescribeReservedInstancesModificationsCommand({}));
  return { clock, simulator, client, id, modify, modifications };
}

it("retires the original and ends it where what replaces it starts, which keeps its end and costs nothing more", async () => {
  const { clock, client, id, modify } = await bought();
  const [before] = await listed(client);
  await modify([id], { InstanceCount: 1, AvailabilityZone: "us-east-1a" });
  const now = new Date(clock.now());
  const [original, made] = await listed(client);
  expect(original).toEqual({ ...before, State: "retired", End: now });
  expect(made).toMatchObject({
    State: "active",
    Start: now,
    End: before?.End,
    Duration: before?.Duration,
    FixedPrice: 0,
    InstanceCount: 1,
    Scope: "Availability Zone",
    AvailabilityZone: "us-east-1a",
    Tags: [],
  });
  clock.advance(365 * DAY_MS);
  expect((await listed(client)).map(({ State }) => State)).toEqual(["retired", "retired"]);
});

it("lists what was modified into what", async () => {
  const { clock, client, id, modify, modifications } = await bought();
  const now = new Date(clock.now());
  const { ReservedInstancesModificationId } = await modify([id], { InstanceCount: 1, InstanceType: "m5.xlarge" });
  const [, made] = await listed(client);
  expect((await modifications()).ReservedInstancesModifications).toEqual([
    {
      ReservedInstancesModificationId,
      Status: "fulfilled",
      CreateDate: now,
      EffectiveDate: now,
      UpdateDate: now,
      ReservedInstancesIds: [{ ReservedInstancesId: id }],
      ModificationResults: [
        {
          ReservedInstancesId: made?.ReservedInstancesId,
          TargetConfiguration: { InstanceCount: 1, InstanceType: "m5.xlarge" },
        },
      ],
    },
  ]);
});

it("lists an empty list where nothing was modified, on every page", async () => {
  const client = ec2For(await simulatedAws({ emptyPages: true }));
  const first = await client.send(new DescribeReservedInstancesModificationsCommand({}));
  const NextToken = first.NextToken ?? "none";
  const second = await client.send(new DescribeReservedInstancesModificationsCommand({ NextToken }));
  expect([first, second].map((page) => page.ReservedInstancesModifications)).toEqual([[], []]);
  expect(second.NextToken).toBeUndefined();
});

it("counts in the ledger what it made with the purchase of the original", async () => {
  const { simulator, id, modify } = await bought();
  await modify([id], { InstanceCount: 1, AvailabilityZone: "us-east-1a" });
  const [original, made, ...others] = await simulator.ledger.purchases();
  expect(made?.purchaseId).toBe(original?.purchaseId);
  expect(others).toEqual([]);
});

it("refuses what is not active, what does not exist and what does not add up", async () => {
  const { client, id, modify } = await bought();
  await expect(modify([id], { InstanceCount: 2 })).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await expect(modify(["other"], { InstanceCount: 1 })).rejects.toMatchObject({ name: "InvalidReservedInstancesId" });
  await modify([id], { InstanceCount: 1 });
  await expect(modify([id], { InstanceCount: 1 })).rejects.toMatchObject({ name: "InvalidParameterValue" });
  expect(await listed(client)).toHaveLength(2);
});
