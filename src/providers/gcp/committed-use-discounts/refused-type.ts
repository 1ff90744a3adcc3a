import { KNOWN_GCP_COMMITMENT_TYPES } from "../../../domain/commitment-request/gcp-commitment-types.js";
import { didYouMean } from "../../../domain/options.js";
import type { PurchaseOutcome } from "../../commitment-provider.js";

/** Types that Google does not sell by an insert. */
const BY_FUTURE_RESERVATION: readonly string[] = ["ACCELERATOR_OPTIMIZED_A3_ULTRA", "ACCELERATOR_OPTIMIZED_A4"];

/**
 * The outcome of an insert, with what is known of the line's commitment type if Google refused the insert.
 *
 * Any well-formed type is sent, because Google adds types. So a refusal says which known type is near.
 */
export function withTypeHint(outcome: PurchaseOutcome, type: string | undefined): PurchaseOutcome {
  const hint = hintOf(type);
  if (outcome.kind !== "rejected" || hint === undefined) return outcome;
  const { rejection } = outcome;
  return { ...outcome, rejection: { ...rejection, hint: [hint, rejection.hint].filter(Boolean).join(" ") } };
}

function hintOf(type: string | undefined): string | undefined {
  if (type === undefined) return undefined;
  if (BY_FUTURE_RESERVATION.includes(type))
    return `Google sells commitments of type ${type} with a future reservation, not by an insert.`;
  if (KNOWN_GCP_COMMITMENT_TYPES.includes(type)) return undefined;
  return `The commitment type ${type} was not known when this version was made${didYouMean(type, KNOWN_GCP_COMMITMENT_TYPES) || "."}`;
}
