import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { type Holding, holdingsOf, type Uniqueness } from "./uniqueness.js";

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
      const released = old === undefined ? [] : holdingsOf(old, changedLines(old, next));
      const taken = next === undefined ? [] : holdingsOf(next, changedLines(next, old));
      const broken = heldTwice(taken, held, new Set(released.map(({ key }) => key)));
      if (broken !== undefined) return broken.uniqueness;
      for (const { key } of released) held.delete(key);
      for (const holding of taken) held.set(holding.key, holding);
      return undefined;
    },
  };
}

/** The lines that are not the same in the other version. */
export const changedLines = ({ lines }: Execution, other: Execution | undefined): readonly PurchaseLine[] =>
  lines.filter((line, position) => line !== other?.lines[position]);

function heldTwice(
  taken: readonly Holding[],
  held: ReadonlyMap<string, Holding>,
  released: ReadonlySet<string>,
): Holding | undefined {
  const seen = new Set<string>();
  return taken.find(({ key }) => {
    if (seen.has(key) || (held.has(key) && !released.has(key))) return true;
    seen.add(key);
    return false;
  });
}
