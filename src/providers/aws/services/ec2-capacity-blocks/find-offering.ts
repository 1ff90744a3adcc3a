import type { CapacityBlockOffering } from "@aws-sdk/client-ec2";
import type { AwsCapacityBlocksRequest } from "../../../../domain/commitment-request/aws-capacity-blocks.js";
import type { Money } from "../../../../domain/money.js";
import { collectPages } from "../../../collect-pages.js";
import { type Ec2Connection, loadEc2 } from "../../ec2-client.js";
import { onlyOffering } from "../../only-offering.js";
import { differing } from "../../reservations/attributes.js";
import { currencyOf } from "../../reservations/offering.js";
import { statedMoney } from "../../stated-money.js";
import { timeOf } from "../../stated-term.js";
import { wanted } from "./attributes.js";

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const WEEK_HOURS = 168;

/** The one offering of the block that a line buys: its id, and the fee for the whole block. */
export async function findOffering(
  connection: Ec2Connection,
  request: AwsCapacityBlocksRequest,
): Promise<{ readonly reference: string; readonly price: Money }> {
  const listed = await listOfferings(connection, request);
  const { startsAt, endsAt, quantity } = request;
  const { id, offering } = onlyOffering({
    what: `Capacity Blocks in ${request.availabilityZone}`,
    wanted: { ...wanted(request), InstanceCount: quantity, StartDate: startsAt, EndDate: endsAt },
    listed: listed.length,
    matching: listed.filter((candidate) => isExactly(candidate, request)),
    idOf: ({ CapacityBlockOfferingId }) => CapacityBlockOfferingId,
  });
  const { UpfrontFee = "", CurrencyCode = currencyOf(request) } = offering;
  const price = statedMoney(UpfrontFee, CurrencyCode);
  if (price === undefined) throw new Error("the offering states no price");
  return { reference: id, price };
}

async function listOfferings(
  { client, settings, signal, limit }: Ec2Connection,
  request: AwsCapacityBlocksRequest,
): Promise<readonly CapacityBlockOffering[]> {
  const { DescribeCapacityBlockOfferingsCommand } = await loadEc2();
  return collectPages({
    operation: "DescribeCapacityBlockOfferings",
    maxPages: settings.maxPages,
    signal,
    async fetch(NextToken) {
      const command = new DescribeCapacityBlockOfferingsCommand({
        InstanceType: request.instanceType,
        InstanceCount: request.quantity,
        CapacityDurationHours: searchedHours(request),
        StartDateRange: new Date(request.startsAt),
        EndDateRange: new Date(request.endsAt),
        MaxResults: 100,
        NextToken,
      });
      const page = await client.send(command, { abortSignal: limit() });
      return { items: page.CapacityBlockOfferings, nextToken: page.NextToken };
    },
  });
}

/**
 * The duration under which EC2 shows a block.
 *
 * EC2 is asked for whole days, and above 14 days for whole weeks. It answers with the blocks whose durations are nearest,
 * because all blocks end at the same time of the day ("Find and purchase Capacity Blocks" in the EC2 User Guide).
 */
export function searchedHours({ startsAt, endsAt }: Pick<AwsCapacityBlocksRequest, "startsAt" | "endsAt">): number {
  const hours = (Date.parse(endsAt) - Date.parse(startsAt)) / HOUR_MS;
  const days = Math.max(1, Math.round(hours / DAY_HOURS));
  return days <= 14 ? days * DAY_HOURS : Math.round(hours / WEEK_HOURS) * WEEK_HOURS;
}

const isExactly = (offering: CapacityBlockOffering, request: AwsCapacityBlocksRequest): boolean =>
  differing(wanted(request), offering).length === 0 &&
  offering.InstanceCount === request.quantity &&
  !offering.UltraserverType &&
  timeOf(offering.StartDate) === Date.parse(request.startsAt) &&
  timeOf(offering.EndDate) === Date.parse(request.endsAt);
