import { parseCommitmentRequests } from "../../../domain/commitment-request/commitment-request.js";
import { isBuyonceError, messageOf } from "../../../domain/errors.js";
import { type Offer, type UnitPrice, withAnyPrice } from "../../../domain/recommendation.js";

type Line = Extract<Offer, { readonly kind: "line" }>["line"];

/** The offer of a line, or why no adapter takes the line. */
export function purchasable(line: object, unitPrices: readonly UnitPrice[]): Offer {
  try {
    parseCommitmentRequests([withAnyPrice(line)]);
  } catch (thrown) {
    if (!isBuyonceError(thrown)) throw thrown;
    return { kind: "not_purchasable", reason: `AWS recommends what no line can state: ${messageOf(thrown)}` };
  }
  return { kind: "line", line: line as Line, unitPrices };
}
