import { randomFrom } from "../../../src/testing/simulate/random.js";

/** Numbers and choices that a seed repeats. */
export interface SeededRandom {
  /** At least 0 and less than 1. */
  next(): number;
  /** A whole number of at least 0 and less than `end`. */
  below(end: number): number;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
}

/** The same sequence for the same seed. */
export function seededRandom(seed: number): SeededRandom {
  const { next, happens: chance, pick } = randomFrom(seed);
  return { next, below: (end) => Math.floor(next() * end), chance, pick };
}
