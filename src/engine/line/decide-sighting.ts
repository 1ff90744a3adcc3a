import type { Commitment, Rejection } from "../../domain/evidence.js";
import type { Sighting } from "../../providers/commitment-provider.js";

/**
 * What a purchase that the cloud shows makes of its line.
 *
 * - `adopt`: the line was bought. If the commitment is over, `over` says what became of it.
 * - `wait`: the cloud has not finished the purchase.
 * - `reject`: nothing is owed for the purchase, and no other request of the line can still land.
 * - `ask`: only a person can tell.
 */
export type SightingVerdict =
  | { readonly kind: "adopt"; readonly over?: NonNullable<Commitment["over"]> }
  | { readonly kind: "wait"; readonly reason: string }
  | { readonly kind: "reject"; readonly rejection: Rejection }
  | { readonly kind: "ask"; readonly reason: string };

/** A purchase as it was seen: its ids, and what its state means. */
export interface Seen {
  readonly commitmentIds: readonly string[];
  readonly sighting?: Sighting;
}

/**
 * Decides what a sighting means for a line. It is the only place that does so, for lookups, inventories and answers
 * alike.
 *
 * A purchase that the cloud shows is evidence that a request landed, whatever became of the purchase since.
 * `mayStillLand` says that another request of the line may still take effect. Then a `void` purchase does not end the
 * doubt yet.
 */
export function decideSighting(
  { commitmentIds, sighting = { meaning: "live" } }: Seen,
  { mayStillLand }: { readonly mayStillLand: boolean },
): SightingVerdict {
  const { meaning, state = meaning, became } = sighting;
  const what = `${commitmentIds.join(", ")} is ${state}${became === undefined ? "" : `, ${became}`}`;
  switch (meaning) {
    case "live":
      return { kind: "adopt" };
    case "ended":
      return { kind: "adopt", over: { state, ...(became !== undefined && { became }) } };
    case "pending":
      return { kind: "wait", reason: `the cloud has not finished the purchase yet: ${what}` };
    case "void":
      return mayStillLand
        ? { kind: "wait", reason: `nothing is owed for this purchase (${what}), but another request may still land` }
        : { kind: "reject", rejection: rejectionOf(state, what, commitmentIds) };
    case "unclear":
      return { kind: "ask", reason: `the state of the purchase does not tell whether it was bought: ${what}` };
  }
}

const rejectionOf = (state: string, what: string, commitmentIds: readonly string[]): Rejection => ({
  code: state,
  message: `Nothing is owed for the purchase: ${what}.`,
  details: { commitmentIds },
});
