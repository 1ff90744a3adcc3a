import type { AwsSavingsPlansRequest } from "../../../domain/commitment-request/aws-savings-plans.js";
import { commitmentTotal } from "../../../domain/commitment-request/hourly-commitment.js";
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
import { AWS_TIMING, type AwsTiming, UNSTATED_TOKEN_WINDOW_MS } from "../aws-timing.js";
import { unspentClientToken } from "../client-token.js";
import { type Connect, connector } from "../connect.js";
import { heldUntil } from "../held-purchase.js";
import { boughtUnderId, purchaseByCommand } from "../purchase-by-command.js";
import { cancelQueued } from "./savings-plans/cancel-queued.js";
import { findOffering } from "./savings-plans/find-offering.js";
import { labelPlan } from "./savings-plans/label.js";
import { idsOf, listPlans, taggedWith } from "./savings-plans/listed-plans.js";
import { alike, findPlan } from "./savings-plans/lookup.js";
import { purchaseInput } from "./savings-plans/purchase-input.js";
import {
  loadSavingsPlans,
  type SavingsPlansClient,
  type SavingsPlansConnection,
} from "./savings-plans/savings-plans-client.js";

// The types of the options. Declarations of this subpath must not refer to `buyonce/aws`, which names every SDK.
export type { AwsClientConfig, AwsProviderOptions, AwsTarget, AwsTiming, SavingsPlansClient };

/** The timings of the contract with Savings Plans, all in milliseconds. */
export type SavingsPlansTiming = AwsTiming & { readonly windowMs: number };

// How long AWS remembers a client token of CreateSavingsPlan is not documented.
const TIMING: SavingsPlansTiming = { ...AWS_TIMING, windowMs: UNSTATED_TOKEN_WINDOW_MS };

/**
 * Buys Savings Plans, which AWS dedupes by a client token for a time it does not state: contract `native-token`.
 *
 * The token goes out as the client token. In the same request it goes out as the tag `buyonce:token`, by which a plan
 * is found for ever. The API has one endpoint, so the client may be set to any region of the line's partition. Needs
 * `savingsplans:DescribeSavingsPlans`, `DescribeSavingsPlansOfferings`, `CreateSavingsPlan` and `TagResource`.
 * `cancelQueued` also needs `DeleteQueuedSavingsPlan`.
 */
export function savingsPlans(
  options: AwsProviderOptions<SavingsPlansClient, SavingsPlansTiming>,
): CommitmentProvider<AwsSavingsPlansRequest> {
  const connect = connector(options, { endpoints: "global", timing: TIMING });
  return withFailureCodes("Savings Plans", {
    service: "aws.savings-plans",
    needKey: (request) => needKeyWithout(request, ["hourlyCommitment", "upfrontAmount"]),
    idempotency: { kind: "native-token", ...TIMING, ...options.timing },
    lookup: async (request, token, context) =>
      findPlan(await listPlans(await connect(request, context), context), { ...context, request, token }),
    prepare: async (request, token, context) => prepare(await connect(request, context), { request, token, context }),
    purchase: (permit, context) => purchase(connect, permit, context),
    cancelQueued: async (commitment, _, context) =>
      cancelQueued(await connect(context.request, context), commitment, context),
    label: async (commitment, token, context) =>
      labelPlan(await connect(context.request, context), { commitment, token, context }),
  });
}

interface Order {
  readonly request: AwsSavingsPlansRequest;
  readonly token: string;
  readonly context: ProviderContext;
}

async function prepare(connection: SavingsPlansConnection, { request, token, context }: Order): Promise<Prepared> {
  const price = commitmentTotal(request);
  checkPrice(request, price);
  const reference = await findOffering(connection, request);
  const listed = await listPlans(connection, context);
  const tagged = taggedWith(token, listed);
  return {
    reference,
    price,
    // The snapshot tells new plans from those that were there before, also a new one that loses its tags or its
    // payment.
    snapshot: idsOf([...alike(listed, request), ...tagged]),
    detail: {
      ...heldUntil(request, context),
      ...unspentClientToken(token, tagged, context.lineageAttempt),
    },
  };
}

function purchase(
  connect: Connect<SavingsPlansClient>,
  permit: PurchasePermit<AwsSavingsPlansRequest>,
  context: PurchaseContext,
): Promise<PurchaseOutcome> {
  return purchaseByCommand({
    connect,
    permit,
    context,
    async command() {
      const { CreateSavingsPlanCommand } = await loadSavingsPlans();
      return new CreateSavingsPlanCommand(purchaseInput(permit));
    },
    send: (client, command, options) => client.send(command, options),
    boughtIn: ({ savingsPlanId }) => boughtUnderId(savingsPlanId),
  });
}
