import type { AnyTerm } from "../../../domain/commitment-request/common.js";
import { isBuyonceError, messageOf } from "../../../domain/errors.js";
import { dividedMoney, type Money } from "../../../domain/money.js";
import type { ReportedRecommendation } from "../../../domain/recommendation.js";
import type { SourceContext } from "../../recommendation-source.js";
import { askPrice, type UnpricedReservations } from "../azure-reservations/calculate-price.js";
import type { AzureConnection } from "../connect.js";
import type { TermedReport } from "./reservation-recommendation.js";

const TERM_MONTHS: Readonly<Record<AnyTerm, number>> = { "1mo": 1, "1yr": 12, "3yr": 36, "5yr": 60 };

/** The errors by which Azure refuses what is asked for. */
const NOT_SOLD: ReadonlySet<string> = new Set(["OFFERING_NOT_FOUND", "PURCHASE_REFUSED"]);

/** The name in a calculation, which nothing is bought under. */
const DISPLAY_NAME = "buyonce";

/**
 * A recommendation with the price that Azure calculates for its line. What Azure does not sell is not purchasable.
 *
 * The total of a reservation is the same, whether it is paid upfront or monthly.
 */
export async function withCalculatedPrice(
  recommendation: TermedReport,
  connection: AzureConnection,
  context: SourceContext,
): Promise<ReportedRecommendation> {
  const { offer, term, payment } = recommendation;
  if (offer.kind !== "line") return recommendation;
  const line = offer.line as UnpricedReservations;
  try {
    const { price } = await context.call("azure.capacity", (signal) =>
      askPrice({ ...connection, limit: () => signal }, line, DISPLAY_NAME),
    );
    const unit = dividedMoney(price, line.quantity);
    const due = payment === "all_upfront" ? { upfront: price } : { recurringMonthly: monthly(price, term) };
    return {
      ...recommendation,
      figures: { ...recommendation.figures, ...due },
      offer: {
        kind: "line",
        line: { ...line, expectedPrice: price },
        unitPrices: (["all_upfront", "no_upfront"] as const).map((each) => ({ term, payment: each, price: unit })),
      },
    };
  } catch (thrown) {
    if (!isBuyonceError(thrown) || !NOT_SOLD.has(thrown.code)) throw thrown;
    return { ...recommendation, offer: { kind: "not_purchasable", reason: messageOf(thrown) } };
  }
}

const monthly = (price: Money, term: AnyTerm): Money => dividedMoney(price, TERM_MONTHS[term]);
