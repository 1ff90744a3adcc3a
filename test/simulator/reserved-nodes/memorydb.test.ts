import {
  DescribeReservedNodesCommand,
  DescribeReservedNodesOfferingsCommand,
  DescribeUsersCommand,
  MemoryDBClient,
  PurchaseReservedNodesOfferingCommand,
  ReservedNodeAlreadyExistsFault,
  ReservedNodeNotFoundFault,
} from "@aws-sdk/client-memorydb";
import { expect, it } from "vitest";
import { ACCOUNT, clientOf, ManualClock, simulatedAws } from "../simulated-aws.js";

const YEAR = 31_536_000;
const wanted = { NodeType: "db.r6g.large", Duration: "1", OfferingType: "Partial Upfront" };

it("shows what an offering costs, and neither a currency nor an engine", async () => {
  expect(await offerings(clientOf(MemoryDBClient, await simulatedAws()), wanted)).toEqual([
    {
      ReservedNodesOfferingId: expect.stringMatching(/^[0-9a-f]{8}-/),
      NodeType: "db.r6g.large",
      Duration: YEAR,
      FixedPrice: 818.55,
      OfferingType: "Partial Upfront",
      RecurringCharges: [{ RecurringChargeAmount: 0.09344, RecurringChargeFrequency: "Hourly" }],
    },
  ]);
});

it("sells every node type for every term and way to pay", async () => {
  const client = clientOf(MemoryDBClient, await simulatedAws());
  const rows = await offerings(client, { NodeType: "db.r6g.large" });
  expect(new Set(rows.map((row) => `${row.Duration} ${row.OfferingType}`)).size).toBe(6);
  expect(await offerings(client, { ...wanted, Duration: String(3 * YEAR) })).toMatchObject([{ Duration: 3 * YEAR }]);
});

it("buys, and answers what the listing shows", async () => {
  const clock = new ManualClock();
  const client = clientOf(MemoryDBClient, await simulatedAws({ clock }));
  const [{ ReservedNodesOfferingId } = {}] = await offerings(client, wanted);
  const request = { ReservedNodesOfferingId, ReservationId: "mine", NodeCount: 2 };
  const { ReservedNode } = await client.send(new PurchaseReservedNodesOfferingCommand(request));
  expect(ReservedNode).toEqual({
    ReservationId: "mine",
    ReservedNodesOfferingId,
    NodeType: "db.r6g.large",
    StartTime: new Date(clock.now()),
    Duration: YEAR,
    FixedPrice: 818.55,
    NodeCount: 2,
    OfferingType: "Partial Upfront",
    State: "active",
    RecurringCharges: [{ RecurringChargeAmount: 0.09344, RecurringChargeFrequency: "Hourly" }],
    ARN: `arn:aws:memorydb:us-east-1:${ACCOUNT}:reservednode/mine`,
  });
  expect(await listed(client)).toEqual([ReservedNode]);
  expect(await listed(client, { ...wanted, ReservedNodesOfferingId })).toEqual([ReservedNode]);
  expect(await listed(client, { NodeType: "db.r6g.xlarge" })).toEqual([]);
  const again = client.send(new PurchaseReservedNodesOfferingCommand(request));
  await expect(again).rejects.toBeInstanceOf(ReservedNodeAlreadyExistsFault);
  await expect(listed(client, { ReservationId: "other" })).rejects.toBeInstanceOf(ReservedNodeNotFoundFault);
});

it("takes a tag without a value", async () => {
  const simulator = await simulatedAws();
  const client = clientOf(MemoryDBClient, simulator);
  const [{ ReservedNodesOfferingId } = {}] = await offerings(client, wanted);
  await client.send(new PurchaseReservedNodesOfferingCommand({ ReservedNodesOfferingId, Tags: [{ Key: "k" }] }));
  expect(await simulator.ledger.purchases()).toMatchObject([{ tags: { k: "" } }]);
});

it.each([{ NodeCount: 0 }, { ReservationId: "under_score" }, { ReservedNodesOfferingId: undefined }])(
  "answers InvalidParameterValueException to %j and buys nothing",
  async (more) => {
    const simulator = await simulatedAws();
    const client = clientOf(MemoryDBClient, simulator);
    const [{ ReservedNodesOfferingId } = {}] = await offerings(client, wanted);
    const answer = client.send(new PurchaseReservedNodesOfferingCommand({ ReservedNodesOfferingId, ...more }));
    await expect(answer).rejects.toMatchObject({ name: "InvalidParameterValueException" });
    expect(await simulator.ledger.purchases()).toEqual([]);
  },
);

it("does not know its other operations", async () => {
  const answer = clientOf(MemoryDBClient, await simulatedAws()).send(new DescribeUsersCommand({}));
  await expect(answer).rejects.toMatchObject({ name: "UnknownOperationException" });
});

async function offerings(client: MemoryDBClient, request: DescribeReservedNodesOfferingsCommand["input"]) {
  return (await client.send(new DescribeReservedNodesOfferingsCommand(request))).ReservedNodesOfferings ?? [];
}

async function listed(client: MemoryDBClient, request: DescribeReservedNodesCommand["input"] = {}) {
  return (await client.send(new DescribeReservedNodesCommand(request))).ReservedNodes ?? [];
}
