import type { Execution } from "../../domain/execution.js";
import { brokenUniqueness, type Holding, holdingMove, type Uniqueness } from "../law/uniqueness.js";

/** The holders of all keys that only one holder may have. */
export interface Holders {
  /** The holder of a key. */
  of(key: string): Holding | undefined;
  /**
   * Takes out the keys of an execution as it was, and puts in the keys of the execution as it becomes. Either may be
   * missing.
   *
   * If a key would be held twice, nothing is changed, and the broken uniqueness is returned.
   */
  replace(old: Execution | undefined, next: Execution | undefined): Uniqueness | undefined;
}

/** Holders of no key yet. */
export function holders(): Holders {
  const held = new Map<string, Holding>();
  return {
    of: (key) => held.get(key),
    replace(old, next) {
      const move = holdingMove(old, next);
      const broken = brokenUniqueness(move, ({ key }) => held.has(key));
      if (broken !== undefined) return broken;
      for (const { key } of move.released) held.delete(key);
      for (const holding of move.taken) held.set(holding.key, holding);
      return undefined;
    },
  };
}
