import * as z from "zod/mini";
import { type Page, type PageRequest, pageOf } from "../../../../paging.js";
import { SimulatedError } from "../../../../simulated-error.js";
import { wholeNumber } from "../../../protocol/query-text.js";

/** The parameters that say which page is asked for. */
export const hostPageFields = {
  MaxResults: z._default(z.pipe(wholeNumber, z.int().check(z.gte(5), z.lte(500))), 500),
  NextToken: z.optional(z.string()),
};

/** Cuts the page out of all rows; refuses a token that was never given out. */
export function hostPageOf<Row>(
  rows: readonly Row[],
  { MaxResults, NextToken }: { readonly MaxResults: number; readonly NextToken?: string | undefined },
  how: Pick<PageRequest, "emptyPages" | "repeatToken">,
): Page<Row> {
  const page = pageOf(rows, { token: NextToken, size: MaxResults, ...how });
  if (page === undefined) throw new SimulatedError("InvalidNextToken", 400, "The token is not valid");
  return page;
}
