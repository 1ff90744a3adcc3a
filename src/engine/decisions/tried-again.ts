import { BuyonceError } from "../../domain/errors.js";

const MAX_TRIES = 8;

/** Decides again until nobody was faster. After eight tries it throws `CONCURRENT_CHANGE`, which says what has changed. */
export async function triedAgain<Result>(what: string, decide: () => Promise<Result | "again">): Promise<Result> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const result = await decide();
    if (result !== "again") return result;
  }
  throw new BuyonceError("CONCURRENT_CHANGE", `${what} changed under each of ${MAX_TRIES} tries.`);
}
