import type { LedgerPurchase } from "../ledger.js";
import type { AzureOperation } from "./azure-operation.js";

/** One simulated service: to add another, write a file that returns this and name it in `azure-services.ts`. */
export interface AzureService {
  readonly operations: readonly AzureOperation[];
  /** Every order it ever took, with states as of `now`. */
  commitments(now: number): readonly LedgerPurchase[];
  /** Sets the state of its order with this id from `at` on; whether there is one. */
  setState(commitmentId: string, state: string, at: number): boolean;
}
