import * as z from "zod/mini";
import type { GcpComputeRequest } from "../../../domain/commitment-request/gcp-compute.js";
import { BuyonceError } from "../../../domain/errors.js";
import { commitmentNames } from "../../commitment-names.js";
import { parseAnswer } from "../../parse-answer.js";
import type { GcpConnection } from "../connect.js";
import type { Recommender } from "../gcp-clients.js";
import { saysAbsent, saysStale } from "../gcp-outcome.js";
import { stateOf } from "../recommendation-state.js";

/** The key under which a claim names its line. The value is the first name that the line's commitment may have. */
const CLAIM_KEY = "buyonce.line";

const recommendationSchema = z.object({
  etag: z.string(),
  stateInfo: z.nullish(
    z.object({
      state: z.nullish(z.union([z.string(), z.number()], "must be a string or a number")),
      stateMetadata: z.nullish(z.record(z.string(), z.string())),
    }),
  ),
});

interface Claim {
  readonly recommendation: { readonly name: string; readonly etag: string };
  /** The text by which our own claim is known again, whichever of its names the commitment gets. */
  readonly line: string;
}

/** The claim of a line, where it follows a recommendation. */
export const claimOf = (
  { recommendation }: Pick<GcpComputeRequest, "recommendation">,
  token: string,
): Claim | undefined => recommendation && { recommendation, line: commitmentNames(token, 1)[0] };

/**
 * Claims the recommendation of a line with the etag that it was approved with. Idempotent.
 *
 * It claims again if the line gave the claim up after a refused purchase. Throws `RECOMMENDATION_TAKEN` if the etag is
 * no longer the current one and the claim is not ours. Then somebody else follows the recommendation, or it has changed
 * since it was approved, and nothing is bought.
 */
export async function claimRecommendation(connection: GcpConnection, claim: Claim): Promise<void> {
  const claimed = await claimAt(connection, claim, claim.recommendation.etag);
  if (claimed === "claimed" || stateOf(claimed) === "CLAIMED") return;
  // The line gave the claim up. If Google lets nobody claim it again, it is enough that nobody else has claimed it.
  await claimAt(connection, claim, claimed.etag);
}

/**
 * Claims the recommendation if this is its etag. Otherwise returns the recommendation as it is, if its claim is ours.
 */
async function claimAt(connection: GcpConnection, claim: Claim, etag: string): Promise<"claimed" | Recommendation> {
  const recommender = recommenderOf(connection);
  const { name } = claim.recommendation;
  const mark = { name, etag, stateMetadata: metadataOf(claim) };
  try {
    await connection.call((options) => recommender.markRecommendationClaimed(mark, options));
    return "claimed";
  } catch (thrown) {
    if (!saysStale(thrown)) throw thrown;
    const current = await read(connection, recommender, name);
    if (!isOurs(current, claim)) throw taken(name, current, thrown);
    return current;
  }
}

/** Marks a claimed recommendation as followed or as failed. A mark that somebody else has set stays. */
export async function closeClaim(connection: GcpConnection, claim: Claim, end: "succeeded" | "failed"): Promise<void> {
  const recommender = recommenderOf(connection);
  const { name } = claim.recommendation;
  const current = await read(connection, recommender, name).catch((thrown: unknown) => {
    if (saysAbsent(thrown)) return undefined;
    throw thrown;
  });
  if (current === undefined || !isOurs(current, claim) || !ENDS_FROM[end].has(stateOf(current))) return;
  const mark = { name, etag: current.etag, stateMetadata: metadataOf(claim) };
  await connection.call((options) =>
    end === "succeeded"
      ? recommender.markRecommendationSucceeded(mark, options)
      : recommender.markRecommendationFailed(mark, options),
  );
}

// A line may be bought after all by a request that was still on its way when a later one was refused.
const ENDS_FROM: Readonly<Record<"succeeded" | "failed", ReadonlySet<string>>> = {
  succeeded: new Set(["CLAIMED", "FAILED"]),
  failed: new Set(["CLAIMED"]),
};

type Recommendation = z.infer<typeof recommendationSchema>;

async function read(connection: GcpConnection, recommender: Recommender, name: string): Promise<Recommendation> {
  const found = await connection.call((options) => recommender.getRecommendation({ name }, options));
  return parseAnswer(recommendationSchema, found, "recommendation");
}

function recommenderOf({ recommender }: GcpConnection): Recommender {
  if (recommender !== undefined) return recommender;
  throw new BuyonceError(
    "DEPENDENCY_MISSING",
    "clientFor gives no recommender client, and the line follows a recommendation.",
    {
      details: { name: "@google-cloud/recommender" },
    },
  );
}

const metadataOf = ({ line }: Claim): Record<string, string> => ({ [CLAIM_KEY]: line });

// Only in these states is the content frozen. In any other state it may no longer be what was approved.
const FROZEN: ReadonlySet<string> = new Set(["CLAIMED", "SUCCEEDED", "FAILED"]);

const isOurs = (current: Recommendation, { line }: Claim): boolean =>
  current.stateInfo?.stateMetadata?.[CLAIM_KEY] === line && FROZEN.has(stateOf(current));

function taken(name: string, current: Recommendation, cause: unknown): BuyonceError {
  const metadata = current.stateInfo?.stateMetadata ?? {};
  const who = Object.entries(metadata).map(([key, value]) => `${key}=${value}`);
  const state = stateOf(current);
  return new BuyonceError(
    "RECOMMENDATION_TAKEN",
    `The recommendation is ${state}${who.length > 0 ? ` by ${who.join(", ")}` : ""}, and no longer what the line was approved with.`,
    { cause, details: { name, state, stateMetadata: metadata } },
  );
}
