/**
 * SQL for the ids that the commitment of row `line` names, former ids too, as a JSON array. Empty if the row has no
 * commitment.
 */
export const heldIds = (line: string): string =>
  `(coalesce(${line}.commitment -> 'commitmentIds', '[]') || coalesce(${line}.commitment -> 'formerIds', '[]'))`;
