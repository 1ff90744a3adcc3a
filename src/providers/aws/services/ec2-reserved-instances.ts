import type { AwsEc2Request } from "../../../domain/commitment-request/aws-ec2.js";
import type { Prepared } from "../../../domain/evidence.js";
import { checkPrice } from "../../check-price.js";
import type {
  CommitmentProvider,
  ProviderContext,
  PurchaseContext,
  PurchaseOutcome,
} from "../../commitment-provider.js";
import { withFailureCodes } from "../../failure-codes.js";
import { needKeyWithout } from "../../need-key.js";
import type { PurchasePermit } from "../../purchase-permit.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { AWS_TIMING, type AwsTiming } from "../aws-timing.js";
import { type Connect, connector } from "../connect.js";
import { type Ec2Client, type Ec2Connection, loadEc2 } from "../ec2-client.js";
import { heldUntil } from "../held-purchase.js";
import { linePrice } from "../line-price.js";
import { boughtUnderId, purchaseByCommand } from "../purchase-by-command.js";
import { cancelQueued } from "./ec2-reserved-instances/cancel-queued.js";
import { findOffering } from "./ec2-reserved-instances/find-offering.js";
import { inLane, inventory } from "./ec2-reserved-instances/inventory.js";
import { labelPurchase } from "./ec2-reserved-instances/label.js";
import { lookup } from "./ec2-reserved-instances/lookup.js";
import { purchaseInput } from "./ec2-reserved-instances/purchase-input.js";
import { idsOf, listReservedInstances } from "./ec2-reserved-instances/reserved-instances.js";
import { unitPriceOf } from "./ec2-reserved-instances/unit-price.js";

// The types of the options. Declarations of this subpath must not refer to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming, Ec2Client };

/** The timings of the contract with EC2, all in milliseconds. */
export type Ec2Timing = AwsTiming;

/**
 * Buys EC2 Reserved Instances, which AWS dedupes in no way: contract `none`.
 *
 * The token is put on as the tag `buyonce:token` after the purchase. Until then, a purchase is known only by its lane:
 * what the account has in the region. Needs `ec2:DescribeReservedInstances`, `DescribeReservedInstancesOfferings`,
 * `PurchaseReservedInstancesOffering` and `CreateTags`. If a commitment is over before its term is, it also needs
 * `DescribeReservedInstancesModifications`. `cancelQueued` also needs `DeleteQueuedReservedInstances`.
 */
export function ec2ReservedInstances(
  options: AwsProviderOptions<Ec2Client, Ec2Timing>,
): CommitmentProvider<AwsEc2Request> {
  const connect = connector(options, { endpoints: "regional", timing: AWS_TIMING });
  return withFailureCodes("reserved instances", {
    service: "aws.ec2",
    needKey: (request) => needKeyWithout(request, ["offeringClass"]),
    idempotency: { kind: "none", windowMs: 0, ...AWS_TIMING, ...options.timing },
    lookup: async (request, token, context) => lookup(await connect(request, context), { request, token }, context),
    inventory: async (request, _, context) => inventory(await connect(request, context), request, context),
    prepare: async (request, _, context) => prepare(await connect(request, context), request, context),
    purchase: (permit, context) => purchase(connect, permit, context),
    cancelQueued: async (commitment, _, context) =>
      cancelQueued(await connect(context.request, context), commitment, context),
    label: async (commitment, token, context) =>
      labelPurchase(await connect(context.request, context), { commitment, token, context }),
  });
}

async function prepare(connection: Ec2Connection, request: AwsEc2Request, context: ProviderContext): Promise<Prepared> {
  const offering = await findOffering(connection, request);
  const unitPrice = unitPriceOf(offering);
  const { total, upfront } = linePrice(unitPrice, request);
  checkPrice(request, total);
  return {
    reference: offering.ReservedInstancesOfferingId,
    lane: `aws.ec2/${request.account}/${request.region}`,
    // Listed last: each purchase by somebody else after this listing is one more candidate for a person to judge.
    snapshot: idsOf(inLane(await listReservedInstances(connection), request)),
    price: total,
    detail: { upfront, unitPrice: String(unitPrice.fixed), ...heldUntil(request, context) },
  };
}

function purchase(
  connect: Connect<Ec2Client>,
  permit: PurchasePermit<AwsEc2Request>,
  context: PurchaseContext,
): Promise<PurchaseOutcome> {
  return purchaseByCommand({
    connect,
    permit,
    context,
    async command() {
      const { PurchaseReservedInstancesOfferingCommand } = await loadEc2();
      return new PurchaseReservedInstancesOfferingCommand(purchaseInput(permit));
    },
    send: (client, command, options) => client.send(command, options),
    boughtIn: ({ ReservedInstancesId }) => boughtUnderId(ReservedInstancesId),
  });
}
