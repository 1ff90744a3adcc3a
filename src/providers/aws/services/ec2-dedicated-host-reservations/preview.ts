import Big from "big.js";
import type { AwsDedicatedHostsRequest } from "../../../../domain/commitment-request/aws-dedicated-hosts.js";
import { termHours } from "../../../../domain/commitment-request/common.js";
import { type Ec2Connection, loadEc2 } from "../../ec2-client.js";
import type { LinePrice } from "../../line-price.js";
import { currencyOf } from "../../reservations/offering.js";

/** What EC2 itself says that a purchase for these hosts would cost, all hosts together. Buys nothing. */
export async function previewPrice(
  { client, limit }: Ec2Connection,
  request: AwsDedicatedHostsRequest,
  offeringId: string,
): Promise<LinePrice> {
  const { GetHostReservationPurchasePreviewCommand } = await loadEc2();
  const command = new GetHostReservationPurchasePreviewCommand({
    HostIdSet: [...request.hostIds],
    OfferingId: offeringId,
  });
  const preview = await client.send(command, { abortSignal: limit() });
  const { TotalUpfrontPrice, TotalHourlyPrice, CurrencyCode: currency = currencyOf(request) } = preview;
  if (TotalUpfrontPrice === undefined || TotalHourlyPrice === undefined)
    throw new Error("the preview of the purchase states no price");
  const total = new Big(TotalUpfrontPrice).plus(new Big(TotalHourlyPrice).times(termHours(request.term)));
  return { total: { amount: total.toFixed(), currency }, upfront: { amount: TotalUpfrontPrice, currency } };
}
