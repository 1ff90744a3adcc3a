import { type CommitmentRequest, parseCommitmentRequests } from "../domain/commitment-request/commitment-request.js";
import { type AnyTerm, type Payment, termHours } from "../domain/commitment-request/common.js";
import { invalidArgument } from "../domain/input-problem.js";
import { type Money, timesMoney } from "../domain/money.js";
import { checkKeys, type KeysOf } from "../domain/options.js";
import type { Recommendation, UnpricedRequest } from "../domain/recommendation.js";
import { withUpfrontAmount } from "./sized-line.js";

/** How a line differs from what the recommendation says. */
export interface LineChoice extends Pick<CommitmentRequest, "priceTolerancePercent" | "allowOverlap"> {
  readonly quantity?: number;
  /** For commitments to an amount per hour. */
  readonly hourlyCommitment?: string;
  readonly payment?: Payment;
  readonly term?: AnyTerm;
  /** The price of the whole line over its whole term. Needed where the cloud states none. */
  readonly expectedPrice?: Money;
  /** Queues the purchase, where the service can. */
  readonly holdMs?: number;
}

/** The line that buys a recommendation, or why there is none. */
export type RecommendedLine =
  | { readonly kind: "line"; readonly line: CommitmentRequest }
  | { readonly kind: "not_purchasable"; readonly reason: string };

const KNOWN: KeysOf<LineChoice> = {
  quantity: true,
  hourlyCommitment: true,
  payment: true,
  term: true,
  expectedPrice: true,
  priceTolerancePercent: true,
  allowOverlap: true,
  holdMs: true,
};

/**
 * The line that buys a recommendation, exactly as the adapters take it, or the reason why no API sells it.
 *
 * With another payment or term, the price must be known: a commitment per hour has the price that it comes to, and other
 * prices are those that the cloud stated. Pass `expectedPrice` where it stated none. Throws `INVALID_REQUEST` for a
 * choice that makes no line, such as a quantity of 0.
 */
export function toLine(recommendation: Recommendation, choice: LineChoice = {}): RecommendedLine {
  checkKeys<LineChoice>("choice", choice, KNOWN);
  if (typeof recommendation?.offer !== "object") throw invalidArgument("recommendation", "must be a recommendation");
  const { offer, source } = recommendation;
  if (offer.kind === "not_purchasable") return offer;
  const { expectedPrice, ...changes } = choice;
  const chosen = { ...offer.line, ...changes } as UnpricedRequest & Partial<Pick<CommitmentRequest, "expectedPrice">>;
  const price = expectedPrice ?? priceOf(recommendation, chosen);
  if (price === undefined) {
    const reason = `${source} states no price for ${chosen.payment} over ${termOf(chosen)}: pass expectedPrice, or take the recommendation with this payment and term`;
    return { kind: "not_purchasable", reason };
  }
  const [line] = parseCommitmentRequests([withUpfrontAmount({ ...chosen, expectedPrice: price } as CommitmentRequest)]);
  if (line === undefined) throw new Error("one line was parsed into none");
  return { kind: "line", line };
}

const termOf = (line: object): string => ("term" in line ? String(line.term) : "its term");

/** The price of a line by what the cloud stated. `undefined` if nothing that it stated says. */
function priceOf({ offer }: Recommendation, line: UnpricedRequest & { expectedPrice?: Money }): Money | undefined {
  if (offer.kind !== "line" || !("term" in line)) return line.expectedPrice;
  if ("hourlyCommitment" in line && typeof line.hourlyCommitment === "string")
    return hourlyPrice(line.hourlyCommitment, line.term, line.expectedPrice?.currency);
  const stated = offer.unitPrices.find(({ term, payment }) => term === line.term && payment === line.payment);
  if (stated !== undefined) return timesMoney(stated.price, line.quantity);
  return isAsRecommended(offer.line, line) ? line.expectedPrice : undefined;
}

function hourlyPrice(amount: string, term: AnyTerm, currency: string | undefined): Money | undefined {
  // What is not a number is refused when the line is parsed.
  const isNumber = /^\d+(\.\d+)?$/.test(amount);
  if (currency === undefined) return undefined;
  return isNumber ? timesMoney({ amount, currency }, termHours(term)) : { amount, currency };
}

const isAsRecommended = (recommended: object, line: object): boolean =>
  ["quantity", "payment", "term"].every((name) => Reflect.get(recommended, name) === Reflect.get(line, name));
