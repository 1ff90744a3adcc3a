import {
  AddTagsCommand,
  DescribeReservedInstanceOfferingsCommand,
  DescribeReservedInstancesCommand,
  ListTagsCommand,
  ListVersionsCommand,
  OpenSearchClient,
  PurchaseReservedInstanceOfferingCommand,
  RemoveTagsCommand,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from "@aws-sdk/client-opensearch";
import type { AwsSimulatorOptions } from "buyonce/simulator";
import { expect, it } from "vitest";
import { clientOf, ManualClock, simulatedAws } from "../simulated-aws.js";

const YEAR = 31_536_000;

it("shows what an offering costs, and sells each type for every term and way to pay", async () => {
  const rows = (await offerings(clientOf(OpenSearchClient, await simulatedAws()))).filter(isMine);
  expect(rows[1]).toEqual({
    ReservedInstanceOfferingId: expect.stringMatching(/^[0-9a-f]{8}-/),
    InstanceType: "m6g.large.search",
    Duration: YEAR,
    FixedPrice: 339.08,
    UsagePrice: 0,
    CurrencyCode: "USD",
    PaymentOption: "PARTIAL_UPFRONT",
    RecurringCharges: [{ RecurringChargeAmount: 0.03871, RecurringChargeFrequency: "Hourly" }],
  });
  expect(new Set(rows.map((row) => `${row.Duration} ${row.PaymentOption}`))).toEqual(
    new Set([YEAR, 3 * YEAR].flatMap((term) => ["NO", "PARTIAL", "ALL"].map((pay) => `${term} ${pay}_UPFRONT`))),
  );
});

it("has no tags for reservations", async () => {
  const client = clientOf(OpenSearchClient, await simulatedAws());
  const ARN = "arn:aws:es:us-east-1:111122223333:reserved-instance/mine";
  for (const command of [
    new ListTagsCommand({ ARN }),
    new AddTagsCommand({ ARN, TagList: [{ Key: "a", Value: "1" }] }),
    new RemoveTagsCommand({ ARN, TagKeys: ["a"] }),
  ])
    await expect(client.send(command as ListTagsCommand)).rejects.toMatchObject({ name: "ValidationException" });
});

it("buys, and the listing shows the name beside the id", async () => {
  const clock = new ManualClock();
  const { client, order } = await shop({ clock });
  const request = { ...order, InstanceCount: 2 };
  const { ReservedInstanceId, ReservationName } = await client.send(
    new PurchaseReservedInstanceOfferingCommand(request),
  );
  expect(ReservationName).toBe("Name of mine");
  const shown = {
    ReservationName: "Name of mine",
    ReservedInstanceId,
    BillingSubscriptionId: 1,
    ReservedInstanceOfferingId: order.ReservedInstanceOfferingId,
    InstanceType: "m6g.large.search",
    StartTime: new Date(clock.now()),
    Duration: YEAR,
    FixedPrice: 339.08,
    UsagePrice: 0,
    CurrencyCode: "USD",
    InstanceCount: 2,
    State: "active",
    PaymentOption: "PARTIAL_UPFRONT",
    RecurringCharges: [{ RecurringChargeAmount: 0.03871, RecurringChargeFrequency: "Hourly" }],
  };
  expect(await listed(client)).toEqual([shown]);
  expect(await listed(client, { ReservedInstanceId })).toEqual([shown]);
});

it("refuses a name that was used before, in the words of the SDK", async () => {
  const { simulator, client, order } = await shop();
  await client.send(new PurchaseReservedInstanceOfferingCommand(order));
  const again = client.send(new PurchaseReservedInstanceOfferingCommand(order));
  await expect(again).rejects.toBeInstanceOf(ResourceAlreadyExistsException);
  await expect(again).rejects.toMatchObject({ $metadata: { httpStatusCode: 409 } });
  const other = { ...order, ReservationName: "name of mine" };
  await client.send(new PurchaseReservedInstanceOfferingCommand(other));
  expect((await simulator.ledger.purchases()).map((row) => row.token)).toEqual(["Name of mine", "name of mine"]);
});

it("buys twice under one name if names need not be unique", async () => {
  const { simulator, client, order } = await shop({ openSearchNamesAreUnique: false });
  await client.send(new PurchaseReservedInstanceOfferingCommand(order));
  await client.send(new PurchaseReservedInstanceOfferingCommand(order));
  const rows = await simulator.ledger.purchases();
  expect(rows.map((row) => row.token)).toEqual(["Name of mine", "Name of mine"]);
  expect(new Set(rows.map((row) => row.commitmentId)).size).toBe(2);
});

it("answers an absent id with the status of a taken name", async () => {
  const { client } = await shop();
  const absent = listed(client, { ReservedInstanceId: "00000000-0000-4000-8000-000000000000" });
  await expect(absent).rejects.toBeInstanceOf(ResourceNotFoundException);
  await expect(absent).rejects.toMatchObject({ $metadata: { httpStatusCode: 409 } });
});

it.each([
  { ReservationName: "four" },
  { ReservationName: "n".repeat(65) },
  { ReservationName: undefined },
  { ReservedInstanceOfferingId: "no guid" },
  { InstanceCount: 0 },
])("answers ValidationException to %j and buys nothing", async (more) => {
  const { simulator, client, order } = await shop();
  const answer = client.send(new PurchaseReservedInstanceOfferingCommand({ ...order, ...more }));
  await expect(answer).rejects.toMatchObject({ name: "ValidationException", $metadata: { httpStatusCode: 400 } });
  expect(await simulator.ledger.purchases()).toEqual([]);
});

it("logs what travels in the query string, and does not know its other operations", async () => {
  const { simulator, client } = await shop();
  await client.send(new DescribeReservedInstancesCommand({ MaxResults: 7 }));
  expect((await simulator.ledger.requests()).at(-1)).toMatchObject({
    operation: "DescribeReservedInstances",
    params: { maxResults: "7" },
  });
  const versions = client.send(new ListVersionsCommand({}));
  await expect(versions).rejects.toMatchObject({ name: "UnknownOperationException" });
});

async function shop(options: AwsSimulatorOptions = {}) {
  const simulator = await simulatedAws(options);
  const client = clientOf(OpenSearchClient, simulator);
  const found = (await offerings(client)).filter(isMine).find((row) => row.PaymentOption === "PARTIAL_UPFRONT");
  const order = {
    ReservedInstanceOfferingId: String(found?.ReservedInstanceOfferingId),
    ReservationName: "Name of mine",
  };
  return { simulator, client, order };
}

function isMine({ InstanceType }: { readonly InstanceType?: string | undefined }): boolean {
  return InstanceType === "m6g.large.search";
}

async function offerings(client: OpenSearchClient) {
  return (await client.send(new DescribeReservedInstanceOfferingsCommand({}))).ReservedInstanceOfferings ?? [];
}

async function listed(client: OpenSearchClient, request: DescribeReservedInstancesCommand["input"] = {}) {
  return (await client.send(new DescribeReservedInstancesCommand(request))).ReservedInstances ?? [];
}
