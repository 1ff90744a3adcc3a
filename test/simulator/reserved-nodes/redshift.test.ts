import {
  AcceptReservedNodeExchangeCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeReservedNodeExchangeStatusCommand,
  DescribeReservedNodeOfferingsCommand,
  DescribeReservedNodesCommand,
  DescribeTagsCommand,
  InvalidReservedNodeStateFault,
  PurchaseReservedNodeOfferingCommand,
  RedshiftClient,
  ReservedNodeExchangeNotFoundFault,
  ReservedNodeNotFoundFault,
} from "@aws-sdk/client-redshift";
import type { AwsSimulatorOptions } from "buyonce/simulator";
import { expect, it } from "vitest";
import { clientOf, ManualClock, simulatedAws } from "../simulated-aws.js";

const YEAR = 31_536_000;

it("shows what an offering costs, and a twin that differs in its kind only", async () => {
  const { rows } = await shop();
  const [first, ...twins] = rows.filter((row) => row.Duration === YEAR && row.OfferingType === "All Upfront");
  expect(first).toEqual({
    ReservedNodeOfferingId: expect.stringMatching(/^[0-9a-f]{8}-/),
    NodeType: "ra3.xlplus",
    Duration: YEAR,
    FixedPrice: 5633.81,
    UsagePrice: 0,
    CurrencyCode: "USD",
    OfferingType: "All Upfront",
    RecurringCharges: [{ RecurringChargeAmount: 0, RecurringChargeFrequency: "Hourly" }],
    ReservedNodeOfferingType: "Regular",
  });
  const ReservedNodeOfferingId = expect.not.stringMatching(String(first?.ReservedNodeOfferingId));
  expect(twins).toEqual([{ ...first, ReservedNodeOfferingType: "Upgradable", ReservedNodeOfferingId }]);
});

it("buys, and answers what the listing shows", async () => {
  const clock = new ManualClock();
  const { simulator, client, rows } = await shop({ clock });
  const offering = rows.find((row) => row.ReservedNodeOfferingType === "Upgradable");
  const { ReservedNodeOfferingId } = offering ?? {};
  const request = new PurchaseReservedNodeOfferingCommand({ ReservedNodeOfferingId, NodeCount: 2 });
  const { ReservedNode } = await client.send(request);
  expect(ReservedNode).toEqual({
    ...offering,
    ReservedNodeId: expect.stringMatching(/^[0-9a-f]{8}-/),
    StartTime: new Date(clock.now()),
    NodeCount: 2,
    State: "active",
  });
  expect(await listed(client)).toEqual([ReservedNode]);
  const [row] = await simulator.ledger.purchases();
  expect(row).toMatchObject({ commitmentId: ReservedNode?.ReservedNodeId, tags: {} });
  expect(row).not.toHaveProperty("token");
  await expect(listed(client, { ReservedNodeId: "other" })).rejects.toBeInstanceOf(ReservedNodeNotFoundFault);
});

it.each(["pending-payment", "payment-pending"] as const)(
  "spells the pending state %s",
  async (redshiftPendingState) => {
    const { client, rows } = await shop({ paymentPendingMs: 60_000, redshiftPendingState });
    const { ReservedNodeOfferingId } = rows[0] ?? {};
    await client.send(new PurchaseReservedNodeOfferingCommand({ ReservedNodeOfferingId }));
    expect(await listed(client)).toMatchObject([{ State: redshiftPendingState }]);
  },
);

it("buys three when the replies to a stock client are lost", async () => {
  const { simulator, rows } = await shop();
  const { ReservedNodeOfferingId } = rows[0] ?? {};
  await simulator.faults.add({ operation: "PurchaseReservedNodeOffering", kind: "reset-after", times: 2 });
  const client = clientOf(RedshiftClient, simulator, { maxAttempts: 3 });
  await client.send(new PurchaseReservedNodeOfferingCommand({ ReservedNodeOfferingId }));
  expect(await simulator.ledger.purchases()).toHaveLength(3);
});

it.each([
  ["MissingParameter", { ReservedNodeOfferingId: undefined }],
  ["InvalidParameterValue", { NodeCount: 0 }],
])("answers %s to %j and buys nothing", async (name, more) => {
  const { simulator, client, rows } = await shop();
  const request = { ReservedNodeOfferingId: rows[0]?.ReservedNodeOfferingId, ...more };
  await expect(client.send(new PurchaseReservedNodeOfferingCommand(request))).rejects.toMatchObject({ name });
  expect(await simulator.ledger.purchases()).toEqual([]);
});

it("exchanges a node for one of another offering, and says so", async () => {
  const clock = new ManualClock();
  const { simulator, client, rows } = await shop({ clock });
  const ids = rows.map((row) => row.ReservedNodeOfferingId);
  const purchase = new PurchaseReservedNodeOfferingCommand({ ReservedNodeOfferingId: ids[0], NodeCount: 2 });
  const { ReservedNode } = await client.send(purchase);
  const ReservedNodeId = ReservedNode?.ReservedNodeId;
  const order = { ReservedNodeId, TargetReservedNodeOfferingId: ids[1] };
  const { ExchangedReservedNode } = await client.send(new AcceptReservedNodeExchangeCommand(order));
  expect(await listed(client)).toEqual([{ ...ReservedNode, State: "retired" }, ExchangedReservedNode]);
  expect(ExchangedReservedNode).toMatchObject({ State: "active", NodeCount: 2, ReservedNodeOfferingId: ids[1] });
  const status = await client.send(new DescribeReservedNodeExchangeStatusCommand({}));
  expect(status.ReservedNodeExchangeStatusDetails).toEqual([
    {
      ReservedNodeExchangeRequestId: expect.any(String),
      Status: "SUCCEEDED",
      RequestTime: new Date(clock.now()),
      SourceReservedNodeId: ReservedNodeId,
      SourceReservedNodeType: "ra3.xlplus",
      SourceReservedNodeCount: 2,
      TargetReservedNodeOfferingId: ids[1],
      TargetReservedNodeType: "ra3.xlplus",
      TargetReservedNodeCount: 2,
    },
  ]);
  const [source, target, ...others] = await simulator.ledger.purchases();
  expect(target?.purchaseId).toBe(source?.purchaseId);
  expect(others).toEqual([]);
  await expect(client.send(new AcceptReservedNodeExchangeCommand(order))).rejects.toBeInstanceOf(
    InvalidReservedNodeStateFault,
  );
});

it("knows no exchange of a node that was not exchanged", async () => {
  const { client, rows } = await shop();
  const { ReservedNodeOfferingId } = rows[0] ?? {};
  const { ReservedNode } = await client.send(new PurchaseReservedNodeOfferingCommand({ ReservedNodeOfferingId }));
  const { ReservedNodeId } = ReservedNode ?? {};
  const asked = client.send(new DescribeReservedNodeExchangeStatusCommand({ ReservedNodeId }));
  await expect(asked).rejects.toBeInstanceOf(ReservedNodeExchangeNotFoundFault);
  const all = await client.send(new DescribeReservedNodeExchangeStatusCommand({}));
  expect(all.ReservedNodeExchangeStatusDetails).toEqual([]);
});

it("has no tags for reserved nodes", async () => {
  const { client, rows } = await shop();
  const { ReservedNodeOfferingId } = rows[0] ?? {};
  const { ReservedNode } = await client.send(new PurchaseReservedNodeOfferingCommand({ ReservedNodeOfferingId }));
  const ResourceName = `arn:aws:redshift:us-east-1:111122223333:reservednode:${ReservedNode?.ReservedNodeId}`;
  expect((await client.send(new DescribeTagsCommand({}))).TaggedResources ?? []).toEqual([]);
  for (const command of [
    new DescribeTagsCommand({ ResourceName }),
    new CreateTagsCommand({ ResourceName, Tags: [{ Key: "a", Value: "1" }] }),
    new DeleteTagsCommand({ ResourceName, TagKeys: ["a"] }),
  ])
    await expect(client.send(command as CreateTagsCommand)).rejects.toMatchObject({ name: "ResourceNotFoundFault" });
});

/** A simulator and what it sells of ra3.xlplus. */
async function shop(options: AwsSimulatorOptions = {}) {
  const simulator = await simulatedAws(options);
  const client = clientOf(RedshiftClient, simulator);
  const { ReservedNodeOfferings = [] } = await client.send(new DescribeReservedNodeOfferingsCommand({}));
  return { simulator, client, rows: ReservedNodeOfferings.filter((row) => row.NodeType === "ra3.xlplus") };
}

async function listed(client: RedshiftClient, request: DescribeReservedNodesCommand["input"] = {}) {
  return (await client.send(new DescribeReservedNodesCommand(request))).ReservedNodes ?? [];
}
