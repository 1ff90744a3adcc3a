import * as z from "zod";
import { type Page, type PageRequest, pageOf } from "../../paging.js";
import { AwsError } from "../aws-error.js";

/** The parameters that say which page is asked for. */
export const serverlessPageSchema = z.object({
  maxResults: z.int().min(1).max(100).default(100),
  nextToken: z.string().optional(),
});

/** Cuts the page out of all rows; refuses a token that was never given out. */
export function serverlessPageOf<Row>(
  rows: readonly Row[],
  { maxResults, nextToken }: z.infer<typeof serverlessPageSchema>,
  how: Pick<PageRequest, "emptyPages" | "repeatToken">,
): Page<Row> {
  const page = pageOf(rows, { token: nextToken, size: maxResults, ...how });
  if (page !== undefined) return page;
  throw new AwsError("ValidationException", 400, "The token is not valid");
}
