import { awsAccountSchema } from "../../../domain/commitment-request/common.js";

/**
 * The account that a recommendation is for, and the problem if Cost Explorer does not name it.
 *
 * It is never taken to be the account that was asked: a management account answers for its members too.
 */
export function whoseRecommendation(
  stated: string | undefined,
  asked: string,
): { readonly account: string; readonly problem?: string } {
  if (awsAccountSchema().safeParse(stated).success) return { account: String(stated) };
  return { account: asked, problem: "Cost Explorer does not say which account the recommendation is for" };
}
