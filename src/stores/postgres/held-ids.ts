/** SQL for the ids that the commitment of row `line` names, former ones too, as an array; empty where it has none. */
export const heldIds = (line: string): string =>
  `array(select jsonb_array_elements_text(
              coalesce(${line}.commitment -> 'commitmentIds', '[]') || coalesce(${line}.commitment -> 'formerIds', '[]')))`;
