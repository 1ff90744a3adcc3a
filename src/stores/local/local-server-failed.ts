import { BuyonceError } from "../../domain/errors.js";

/** `LOCAL_SERVER_FAILED` about the database of a folder. */
export const localServerFailed = (folder: string, problem: string, cause?: unknown): BuyonceError =>
  new BuyonceError("LOCAL_SERVER_FAILED", `The database of ${folder} cannot be used: ${problem}`, {
    cause,
    details: { folder },
  });
