import { AcceptReservedNodeExchangeCommand, type RedshiftClient } from "@aws-sdk/client-redshift";
import { describe, expect, test } from "vitest";
import type { AwsRedshiftRequest } from "../../../src/domain/commitment-request/aws-redshift.js";
import { type Answer, changeAnswers } from "./changed-answers.js";
import { changeOfferings, changeReservations, laneCloud, offeringLike, sellingOnly } from "./lane-cloud.js";
import { REDSHIFT } from "./lane-services.js";
import { seen } from "./simulated-line.js";

const OFFERING = "00000000-0000-4000-8000-000000000001";
const NODE = { service: "aws.redshift", nodeType: "ra3.xlplus", nodeOfferingType: "Regular" } as const;
const PRICES = { fixedPrice: 1000, hourlyPrice: 0.5 } as const;

const line = (payment: AwsRedshiftRequest["payment"], amount: string): AwsRedshiftRequest => ({
  ...(REDSHIFT.request as AwsRedshiftRequest),
  payment,
  expectedPrice: { amount, currency: "USD" },
});

/** A line for two nodes of each way to pay, with the prices that show it. */
const WAYS = [
  ["all_upfront", "All Upfront", { fixedPrice: 1000, hourlyPrice: 0 }, line("all_upfront", "2000")],
  ["partial_upfront", "Partial Upfront", PRICES, line("partial_upfront", "10760")],
  ["no_upfront", "No Upfront", { fixedPrice: 0, hourlyPrice: 0.5 }, line("no_upfront", "8760")],
] as const;

describe("how a Redshift offering is paid", () => {
  test.each(WAYS)("is %s where its type and its prices say so", async (_way, offeringType, prices, request) => {
    const cloud = await laneCloud(REDSHIFT, sellingOnly(offeringLike(OFFERING, { ...NODE, ...prices, offeringType })));
    expect(await cloud.prepare(request)).toMatchObject({ reference: OFFERING, price: request.expectedPrice });
    for (const [way, , , other] of WAYS)
      if (way !== request.payment)
        await expect(cloud.prepare(other)).rejects.toMatchObject({ code: "OFFERING_NOT_FOUND" });
  });

  test.each(WAYS)(
    "is %s by its prices where its type is an anticipated utilization",
    async (_way, offeringType, prices, request) => {
      const cloud = await laneCloud(
        REDSHIFT,
        sellingOnly(offeringLike(OFFERING, { ...NODE, ...prices, offeringType })),
      );
      for (const utilization of ["Heavy Utilization", "Medium Utilization", "Light Utilization", undefined]) {
        changeOfferings(cloud, REDSHIFT, (offering) => {
          offering["OfferingType"] = utilization;
        });
        expect(await cloud.prepare(request)).toMatchObject({ reference: OFFERING });
      }
    },
  );

  test.each(WAYS)(
    "is not known where its prices show %s and its type names another",
    async (_way, named, prices, request) => {
      for (const offeringType of ["All Upfront", "Partial Upfront", "No Upfront"] as const) {
        if (offeringType === named) continue;
        const sold = offeringLike(OFFERING, { ...NODE, ...prices, offeringType });
        const cloud = await laneCloud(REDSHIFT, sellingOnly(sold));
        await expect(cloud.prepare(request)).rejects.toMatchObject({
          code: "OFFERING_NOT_FOUND",
          details: { listed: 1 },
        });
      }
    },
  );

  test.each([
    ["no fixed price", { FixedPrice: undefined }, "OFFERING_NOT_FOUND"],
    ["no currency", { CurrencyCode: undefined }, "PREPARE_FAILED"],
    ["a price per hour of use", { UsagePrice: 0.1 }, "PREPARE_FAILED"],
    [
      "a monthly charge",
      { RecurringCharges: [{ RecurringChargeAmount: 1, RecurringChargeFrequency: "Monthly" }] },
      "PREPARE_FAILED",
    ],
    ["a charge without an amount", { RecurringCharges: [{ RecurringChargeFrequency: "Hourly" }] }, "PREPARE_FAILED"],
  ])("with %s has no price that could be compared", async (_what, stated: Answer, code) => {
    const [, offeringType, prices, request] = WAYS[1];
    const cloud = await laneCloud(REDSHIFT, sellingOnly(offeringLike(OFFERING, { ...NODE, ...prices, offeringType })));
    changeOfferings(cloud, REDSHIFT, (offering) => Object.assign(offering, stated));
    await expect(cloud.prepare(request)).rejects.toMatchObject({ code });
  });
});

describe("a reserved node of Redshift", () => {
  /** A node paid in part, bought by hand, and the line that its lane belongs to. */
  async function paidInPart() {
    const [, offeringType, prices, request] = WAYS[1];
    const cloud = await laneCloud(REDSHIFT, sellingOnly(offeringLike(OFFERING, { ...NODE, ...prices, offeringType })));
    const id = await cloud.buy({ offeringId: OFFERING, quantity: 2 });
    const snapshot = async () => (await cloud.prepare(request)).snapshot;
    /** Changes what is listed of the node, as of an offering of another id. */
    const restate = (stated: Answer) =>
      changeReservations(cloud, REDSHIFT, (node) => Object.assign(node, { ReservedNodeOfferingId: "another" }, stated));
    return { cloud, id, snapshot, restate };
  }

  test("is of the lane by its prices, whatever its offering's id has become", async () => {
    const { id, snapshot, restate } = await paidInPart();
    restate({});
    expect(await snapshot()).toEqual([id]);
  });

  test.each([
    ["its type contradicts its prices", { OfferingType: "No Upfront" }],
    ["it states no fixed price", { FixedPrice: undefined }],
    ["it states no recurring charges at all", { RecurringCharges: undefined }],
    ["it states neither recurring charges nor a type", { RecurringCharges: undefined, OfferingType: undefined }],
    ["it states nothing", { FixedPrice: undefined, RecurringCharges: undefined, OfferingType: undefined }],
  ])("is not left out of the lane where %s", async (_what, stated) => {
    const { id, snapshot, restate } = await paidInPart();
    restate(stated);
    expect(await snapshot()).toEqual([id]);
  });

  test("is not the line's where its prices and its type agree on another payment", async () => {
    const { snapshot, restate } = await paidInPart();
    restate({ RecurringCharges: [], OfferingType: "All Upfront" });
    expect(await snapshot()).toEqual([]);
  });

  test.each(["pending-payment", "payment-pending"] as const)(
    "is bought while it is %s, as either spelling has it",
    async (redshiftPendingState) => {
      const cloud = await laneCloud(REDSHIFT, { redshiftPendingState, paymentPendingMs: 60_000 });
      const prepared = await cloud.prepare();
      expect(await cloud.purchase(prepared)).toMatchObject({
        kind: "committed",
        commitment: { commitmentIds: await cloud.boughtIds() },
      });
      expect(await cloud.simulator.ledger.purchases()).toMatchObject([{ state: redshiftPendingState }]);
      expect(await cloud.inventory(prepared)).toHaveLength(1);
    },
  );
});

describe("a reserved node that is retired before its term is over", () => {
  /** The line's node, exchanged for another one, and what Redshift is made to say of the exchange. */
  async function exchanged(stated: Answer = {}) {
    const cloud = await laneCloud(REDSHIFT);
    const prepared = await cloud.prepare();
    await cloud.purchase(prepared);
    const [id = ""] = await cloud.boughtIds();
    const [target] = (await cloud.simulator.offerings.list("aws.redshift", "us-east-1")).filter(
      ({ nodeType }) => nodeType === "ra3.4xlarge",
    );
    const order = { ReservedNodeId: id, TargetReservedNodeOfferingId: target?.offeringId };
    await (cloud.client as RedshiftClient).send(new AcceptReservedNodeExchangeCommand(order));
    changeAnswers(cloud.client, "DescribeReservedNodeExchangeStatus", (output) => {
      for (const exchange of output["ReservedNodeExchangeStatusDetails"] as Answer[]) Object.assign(exchange, stated);
    });
    return { cloud, prepared, id, target: target?.offeringId };
  }
  const asked = async ({ cloud }: Awaited<ReturnType<typeof exchanged>>) =>
    seen(cloud, "DescribeReservedNodeExchangeStatus");

  test.each<readonly [string, Answer, string]>([
    ["all of it", {}, "exchanged into 2 ra3.4xlarge of offering "],
    ["its status in lower case", { Status: "succeeded" }, "exchanged into 2 ra3.4xlarge of offering "],
    ["no count", { TargetReservedNodeCount: undefined }, "exchanged into ra3.4xlarge of offering "],
    [
      "no count and no type",
      { TargetReservedNodeCount: undefined, TargetReservedNodeType: undefined },
      "exchanged into other nodes of offering ",
    ],
  ])("was exchanged where Redshift states %s", async (_what, stated, became) => {
    const { cloud, prepared, id, target } = await exchanged(stated);
    const sighting = { meaning: "ended", state: "retired", became: `${became}${target}` };
    expect(await cloud.inventory(prepared)).toMatchObject([{ commitmentId: id, sighting }]);
  });

  test.each(["FAILED", "IN_PROGRESS", "PENDING", "REQUESTED", "RETRYING", "BEING_INVENTED", undefined])(
    "is unclear where its exchange is %s",
    async (Status) => {
      const { cloud, prepared, id } = await exchanged({ Status });
      expect(await cloud.inventory(prepared)).toMatchObject([
        { commitmentId: id, sighting: { meaning: "unclear", state: "retired" } },
      ]);
    },
  );

  test("is unclear where the exchange is of another node, or of none that is stated", async () => {
    for (const SourceReservedNodeId of ["another", undefined]) {
      const { cloud, prepared } = await exchanged({ SourceReservedNodeId });
      expect(await cloud.inventory(prepared)).toMatchObject([{ sighting: { meaning: "unclear" } }]);
    }
  });

  test("is not asked about where it was there before the purchase, or its term is over", async () => {
    const first = await exchanged();
    await first.cloud.inventory({ ...first.prepared, snapshot: [first.id] });
    expect(await asked(first)).toEqual([]);
    first.cloud.clock.advance(31_536_000_000);
    expect(await first.cloud.inventory(first.prepared)).toMatchObject([{ sighting: { meaning: "ended" } }]);
    expect(await asked(first)).toEqual([]);
  });

  test("reads every page of exchanges, up to the cap", async () => {
    const { cloud, prepared } = await exchanged();
    await cloud.simulator.faults.add({
      operation: "DescribeReservedNodeExchangeStatus",
      kind: "repeat-page-token",
      times: 5,
    });
    await expect(cloud.inventory(prepared)).rejects.toMatchObject({ code: "OFFERING_PAGES_EXCEEDED" });
  });
});
