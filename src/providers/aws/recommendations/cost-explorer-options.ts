import type { InputProblem } from "../../../domain/input-problem.js";
import { functionProblems } from "../../../domain/options.js";
import type { CostExplorerClient } from "./cost-explorer-client.js";

/** How Cost Explorer is asked. */
export interface CostExplorerOptions {
  /**
   * Gives the client with the credentials of an account.
   *
   * Set its region to one where Cost Explorer has an endpoint, such as `us-east-1`. Set `maxAttempts` to 1: the
   * collection repeats requests itself, with one back-off for the account.
   */
  clientFor(account: string): CostExplorerClient | Promise<CostExplorerClient>;
  /** How many pages of an answer are read before it counts as endless. Default 100. */
  readonly maxPages?: number;
}

/** The problems with the options. */
export function* costExplorerProblems({ clientFor, maxPages = 1 }: CostExplorerOptions): Generator<InputProblem> {
  if (clientFor === undefined) yield { path: "options.clientFor", problem: "is required" };
  yield* functionProblems("options.clientFor", clientFor);
  if (!Number.isSafeInteger(maxPages) || maxPages < 1)
    yield { path: "options.maxPages", problem: "must be a whole number of at least 1" };
}
