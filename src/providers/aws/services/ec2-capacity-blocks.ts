import type { PurchaseCapacityBlockResult } from "@aws-sdk/client-ec2";
import type { AwsCapacityBlocksRequest } from "../../../domain/commitment-request/aws-capacity-blocks.js";
import type { Prepared } from "../../../domain/evidence.js";
import { checkPrice } from "../../check-price.js";
import type { CommitmentProvider } from "../../commitment-provider.js";
import { withFailureCodes } from "../../failure-codes.js";
import type { AwsClientConfig, AwsTarget } from "../aws-client.js";
import type { Bought } from "../aws-outcome.js";
import type { AwsProviderOptions } from "../aws-provider-options.js";
import { AWS_TIMING, type AwsTiming } from "../aws-timing.js";
import { connector } from "../connect.js";
import { type Ec2Client, type Ec2Connection, loadEc2 } from "../ec2-client.js";
import { purchaseByCommand } from "../purchase-by-command.js";
import { timeOf } from "../stated-term.js";
import { differences, mayBeLines } from "./ec2-capacity-blocks/attributes.js";
import { idsOf, listCapacityBlocks, sightingOf } from "./ec2-capacity-blocks/capacity-blocks.js";
import { findOffering } from "./ec2-capacity-blocks/find-offering.js";
import { inventoryItem } from "./ec2-capacity-blocks/inventory.js";
import { labelBlock } from "./ec2-capacity-blocks/label.js";
import { theTagged } from "./ec2-capacity-blocks/lookup.js";
import { purchaseInput } from "./ec2-capacity-blocks/purchase-input.js";

// The types of the options. Declarations of this subpath must not refer to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming, Ec2Client };

/**
 * Buys EC2 Capacity Blocks, which AWS dedupes in no way: contract `none`.
 *
 * The token goes out with the purchase, as the tag `buyonce:token` of the block's capacity reservation. If a block lost
 * its tag, it is known by its lane: what the account has in the region. Needs `ec2:DescribeCapacityReservations`,
 * `DescribeCapacityBlockOfferings`, `PurchaseCapacityBlock` and `CreateTags`.
 */
export function ec2CapacityBlocks(
  options: AwsProviderOptions<Ec2Client, AwsTiming>,
): CommitmentProvider<AwsCapacityBlocksRequest> {
  const connect = connector(options, { endpoints: "regional", timing: AWS_TIMING });
  return withFailureCodes("Capacity Blocks", {
    service: "aws.ec2-capacity-blocks",
    idempotency: { kind: "none", windowMs: 0, ...AWS_TIMING, ...options.timing },
    async lookup(request, token, context) {
      const listed = await listCapacityBlocks(await connect(request, context), request);
      return theTagged(listed, { ...context, request, token });
    },
    async inventory(request, _, context) {
      const listed = await listCapacityBlocks(await connect(request, context), request);
      return listed.filter((block) => mayBeLines(request, block)).map((block) => inventoryItem(block, request));
    },
    prepare: async (request, _, context) => prepare(await connect(request, context), request),
    purchase: (permit, context) =>
      purchaseByCommand({
        connect,
        permit,
        context,
        async command() {
          const { PurchaseCapacityBlockCommand } = await loadEc2();
          return new PurchaseCapacityBlockCommand(purchaseInput(permit));
        },
        send: (client: Ec2Client, command, sendOptions) => client.send(command, sendOptions),
        boughtIn: (output) => boughtIn(output, permit.request),
      }),
    label: async (commitment, token, context) =>
      labelBlock(await connect(context.request, context), { commitment, token, context }),
  });
}

async function prepare(connection: Ec2Connection, request: AwsCapacityBlocksRequest): Promise<Prepared> {
  const { reference, price } = await findOffering(connection, request);
  checkPrice(request, price);
  // Listed last: each purchase by somebody else after this listing is one more candidate for a person to judge.
  const listed = await listCapacityBlocks(connection, request);
  return {
    reference,
    lane: `aws.ec2-capacity-blocks/${request.account}/${request.region}`,
    // All of them: a block that cannot be the line's today can be extended, and look like the line's then.
    snapshot: idsOf(listed),
    price,
  };
}

/** The block that the answer names. If it states another one than was ordered, nobody knows what was bought. */
function boughtIn(
  { CapacityReservation: block }: PurchaseCapacityBlockResult,
  request: AwsCapacityBlocksRequest,
): Bought | undefined {
  if (!block?.CapacityReservationId || differences(request, block).length > 0) return undefined;
  const startedAt = timeOf(block.StartDate);
  return {
    commitment: {
      commitmentIds: [block.CapacityReservationId],
      ...(startedAt !== undefined && { startedAt }),
    },
    sighting: sightingOf(block),
  };
}
