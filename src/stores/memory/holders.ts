import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { type Holding, holdingsOf, type Uniqueness } from "./uniqueness.js";

/** Who holds what may be held once. */
export interface Holders {
  /** Who holds a key. */
  of(key: string): Holding | undefined;
  /**
   * Takes the keys of an execution as it was out, and puts those of what it becomes in; either may be missing.
   *
   * Changes nothing where a key would be held twice, and says what that breaks.
   */
  replace(old: Execution | undefined, next: Execution | undefined): Uniqueness | undefined;
}

/** Nobody holds anything yet. */
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
const changedLines = ({ lines }: Execution, other: Execution | undefined): readonly PurchaseLine[] =>
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
