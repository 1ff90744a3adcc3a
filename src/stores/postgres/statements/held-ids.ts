/** SQL for the ids that the commitment of row `line` names, former ones too, as a JSON array; empty where it has none. */
export const heldIds = (line: string): string =>
  `(coalesce(${line}.commitment -> 'commitmentIds', '[]') || coalesce(${line}.commitment -> 'formerIds', '[]'))`;
