import type { GcpComputeRequest } from "../../domain/commitment-request/gcp-compute.js";
import type { Prepared } from "../../domain/evidence.js";
import { scrubToken } from "../../idempotency/scrub-token.js";
import { uuidV4Shaped } from "../../idempotency/token-formats.js";
import { attemptToken } from "../attempt-token.js";
import { commitmentNames, freeName, sentNameIn } from "../commitment-names.js";
import type {
  CommitmentProvider,
  ExistingCommitment,
  ProviderContext,
  PurchaseContext,
} from "../commitment-provider.js";
import { withFailureCodes } from "../failure-codes.js";
import type { PurchasePermit } from "../purchase-permit.js";
import { safeMessage } from "../safe-message.js";
import { answerOf } from "../state-table.js";
import { claimOf, claimRecommendation, closeClaim } from "./committed-use-discounts/claim-recommendation.js";
import { existing, getCommitment, holderOf } from "./committed-use-discounts/commitment-view.js";
import { computeNeedKey } from "./committed-use-discounts/compute-need-key.js";
import { insertCommitment } from "./committed-use-discounts/insert-commitment.js";
import { connector, type GcpConnection } from "./connect.js";
import { GCP_TIMING, type GcpProviderOptions } from "./gcp-provider-options.js";
import { withDenials } from "./with-denials.js";

/**
 * Buys resource-based committed use discounts of Compute Engine under a name derived from the token: contract
 * `caller-named`.
 *
 * A name is unique in its project and region and is never freed. So a purchase is found under its name for ever,
 * whatever became of the request id. Needs `compute.commitments.create` and `get`, and `compute.regionOperations.get`.
 * It needs `compute.commitments.list` to tell a commitment that was merged or split from one that was cancelled by
 * hand. For lines that follow a recommendation, it needs `recommender.usageCommitmentRecommendations.get` and `update`.
 */
export function gcpCommittedUseDiscounts(options: GcpProviderOptions): CommitmentProvider<GcpComputeRequest> {
  const connect = connector(options);

  const named = (connection: GcpConnection, token: string, { lineageAttempt }: ProviderContext) =>
    Promise.all(
      commitmentNames(token, lineageAttempt).map(async (name) => ({
        name,
        found: await getCommitment(connection, name),
      })),
    );

  async function lookup(
    request: GcpComputeRequest,
    token: string,
    context: ProviderContext,
  ): Promise<ExistingCommitment | undefined> {
    const connection = await connect(request, context);
    const views = (await named(connection, token, context)).flatMap(({ found }) => found ?? []);
    const found = await Promise.all(views.map((view) => existing(connection, view, request)));
    const { lineageAttempt, prepared } = context;
    const answer = answerOf(found, { lineageAttempt, sentAs: sentNameIn(prepared) });
    const [first] = answer;
    if (first === undefined) return undefined;
    const { name: _, ...seen } = first;
    if (answer.length === 1) return seen;
    return { ...seen, differences: [...seen.differences, `commitments: expected 1, found ${answer.length}`] };
  }

  async function prepare(request: GcpComputeRequest, token: string, context: ProviderContext): Promise<Prepared> {
    const connection = await connect(request, context);
    const found = await named(connection, token, context);
    const name = freeName(found.map(({ name, found }) => ({ name, holder: holderOf(found) })));
    const claim = claimOf(request, token);
    // The claim is last, so that nothing but the purchase itself can still be refused after it.
    if (claim !== undefined) await claimRecommendation(connection, claim);
    return { reference: name, detail: { name, requestId: requestIdOf(token, context) } };
  }

  return withFailureCodes("committed use discounts", {
    service: "gcp.compute",
    needKey: computeNeedKey,
    idempotency: { kind: "caller-named", windowMs: null, ...GCP_TIMING, ...options.timing },
    lookup: (request, token, context) => withDenials(token, () => lookup(request, token, context)),
    prepare: (request, token, context) => withDenials(token, () => prepare(request, token, context)),
    async purchase(permit, context) {
      const connection = await connect(permit.request, context).catch((thrown: unknown) => ({ thrown }));
      if ("thrown" in connection) return { kind: "not_sent", reason: safeMessage(connection.thrown, permit.token) };
      const outcome = await insertCommitment(connection, permit, context);
      // The claim stays if an earlier request of the line may still land, because the line then follows the
      // recommendation.
      if (outcome.kind === "rejected" && context.prepared === undefined) await giveUpClaim(connection, permit, context);
      return outcome;
    },
    async label(_, token, context) {
      const claim = claimOf(context.request, token);
      if (claim === undefined) return;
      await closeClaim(await connect(context.request, context), claim, "succeeded");
    },
  });
}

/**
 * The request id of a purchase: the same in every send of one execution.
 *
 * Each retry by a person has another request id, because Google answers a repeated id with the old operation, also if
 * that operation failed.
 */
const requestIdOf = (token: string, context: ProviderContext): string => uuidV4Shaped(attemptToken(token, context));

/** Lets others follow the recommendation that this line will not follow. A failure of this call changes nothing. */
async function giveUpClaim(
  connection: GcpConnection,
  { request, token }: PurchasePermit<GcpComputeRequest>,
  { logger }: PurchaseContext,
): Promise<void> {
  const claim = claimOf(request, token);
  if (claim === undefined) return;
  await closeClaim(connection, claim, "failed").catch((thrown: unknown) =>
    logger.warn("A recommendation could not be marked as failed", {
      error: scrubToken(safeMessage(thrown, token), token),
    }),
  );
}
