/**
 * The row of a scope whose mark a run has, locked until the statement ends: whoever takes the mark over waits for it. `$1` is
 * the scope, `$2` the owner.
 */
export const heldCollection = (schema: string): string =>
  `held as materialized (select scope, started_at from ${schema}.collections where scope = $1 and owner = $2 for share)`;

/** Whether the run had the mark. */
export const WAS_HELD = "select scope from held";
