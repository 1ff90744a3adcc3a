import { test } from "vitest";
import type { StoreContractOptions } from "../../../src/testing/store-contract.js";

const SEED = Number(process.env.BUYONCE_SEED ?? 0);

/**
 * Registers every third case of the contract. Which ones, the run's seed and an offset say. So three users with offsets
 * that follow one another run the whole contract in each run, and each of them runs it in three runs of different seeds.
 */
export function everyThirdCase(offset: number): StoreContractOptions["test"] {
  let place = SEED + offset;
  return (name, body) => {
    place += 1;
    if (place % 3 === 0) test(name, body);
  };
}
