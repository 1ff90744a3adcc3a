import { test } from "vitest";
import type { StoreContractOptions } from "../../../src/testing/store-contract.js";

const SEED = Number(process.env.BUYONCE_SEED ?? 0);

/**
 * Registers one of so many cases of the contract. Which ones, the run's seed and an offset say. So users with offsets that
 * follow one another run other cases, and each of them runs the whole contract in as many runs of different seeds.
 */
export function oneCaseOf(parts: number, offset: number): StoreContractOptions["test"] {
  let place = SEED + offset;
  return (name, body) => {
    place += 1;
    if (place % parts === 0) test(name, body);
  };
}
