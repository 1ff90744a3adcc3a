import * as z from "zod";
import type { GcpComputeRequest } from "../../../domain/commitment-request/gcp-compute.js";
import { BuyonceError } from "../../../domain/errors.js";
import { parseAnswer } from "../../parse-answer.js";
import type { GcpConnection } from "../connect.js";
import type { Recommender } from "../gcp-clients.js";
import { saysAbsent, saysStale } from "../gcp-outcome.js";

/** The key under which a claim names the commitment it is for. */
const CLAIM_KEY = "buyonce.commitment";

const recommendationSchema = z.object({
  etag: z.string(),
  stateInfo: z
    .object({
      state: z.union([z.string(), z.number()]).nullish(),
      stateMetadata: z.record(z.string(), z.string()).nullish(),
    })
    .nullish(),
});

interface Claim {
  readonly recommendation: { readonly name: string; readonly etag: string };
  /** The name of the commitment, by which our own claim is known again. */
  readonly commitment: string;
}

/** The claim of a line, where it follows a recommendation. */
export const claimOf = (
  { recommendation }: Pick<GcpComputeRequest, "recommendation">,
  commitment: string,
): Claim | undefined => recommendation && { recommendation, commitment };

/**
 * Claims the recommendation of a line with the etag it was approved with; idempotent.
 *
 * `RECOMMENDATION_TAKEN` where the etag is no longer the current one and the claim is not ours: somebody else follows the
 * recommendation, or it has changed since it was approved. Nothing is bought then.
 */
export async function claimRecommendation(connection: GcpConnection, claim: Claim): Promise<void> {
  const recommender = recommenderOf(connection);
  const { name, etag } = claim.recommendation;
  const mark = { name, etag, stateMetadata: metadataOf(claim) };
  try {
    await connection.call((options) => recommender.markRecommendationClaimed(mark, options));
  } catch (thrown) {
    if (!saysStale(thrown)) throw thrown;
    const current = await read(connection, recommender, name);
    if (!isOurs(current, claim)) throw taken(name, current, thrown);
  }
}

/** Marks a claimed recommendation as followed or as failed; what somebody else has made of it stays. */
export async function closeClaim(connection: GcpConnection, claim: Claim, end: "succeeded" | "failed"): Promise<void> {
  const recommender = recommenderOf(connection);
  const { name } = claim.recommendation;
  const current = await read(connection, recommender, name).catch((thrown: unknown) => {
    if (saysAbsent(thrown)) return undefined;
    throw thrown;
  });
  if (current === undefined || !isOurs(current, claim) || stateOf(current) !== "CLAIMED") return;
  const mark = { name, etag: current.etag, stateMetadata: metadataOf(claim) };
  await connection.call((options) =>
    end === "succeeded"
      ? recommender.markRecommendationSucceeded(mark, options)
      : recommender.markRecommendationFailed(mark, options),
  );
}

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

const metadataOf = ({ commitment }: Claim): Record<string, string> => ({ [CLAIM_KEY]: commitment });

// The REST client gives states as text, the gRPC one as text or number.
const STATES: Readonly<Record<string, string>> = {
  1: "ACTIVE",
  3: "SUCCEEDED",
  4: "FAILED",
  5: "DISMISSED",
  6: "CLAIMED",
};
const stateOf = ({ stateInfo }: Recommendation): string =>
  STATES[String(stateInfo?.state)] ?? String(stateInfo?.state ?? "STATE_UNSPECIFIED");

const isOurs = ({ stateInfo }: Recommendation, { commitment }: Claim): boolean =>
  stateInfo?.stateMetadata?.[CLAIM_KEY] === commitment;

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
