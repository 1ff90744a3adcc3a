import { BuyonceError } from "../domain/errors.js";

/** The one refusal of a decision link. It is the same to the byte whatever is wrong, so that it reveals nothing. */
export const decisionTokenInvalid = (): BuyonceError =>
  new BuyonceError("DECISION_TOKEN_INVALID", "This link decides nothing, or does so no longer.");
