/** Values in an order in which no two are equal. */
export interface SortedList<Value, Place = Value> {
  /** Takes one value out and puts another in. Either may be missing. */
  replace(old: Value | undefined, next: Value | undefined): void;
  /** All values in their order. The result must not be used after a change. */
  values(): Iterable<Value>;
  /** The values that come after a place. The list need not have a value at that place. */
  valuesAfter(place: Place): Iterable<Value>;
}

/** An empty list. `compare` works as for `sort`. */
export function sortedList<Value extends Place, Place = Value>(
  compare: (a: Place, b: Place) => number,
): SortedList<Value, Place> {
  const values: Value[] = [];

  /** How many values do not come after `place`. */
  const countUpTo = (place: Place): number => {
    let [low, high] = [0, values.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(values[middle] as Value, place) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  function* from(start: number): Generator<Value> {
    for (let at = start; at < values.length; at += 1) yield values[at] as Value;
  }

  return {
    replace(old, next) {
      if (old !== undefined && next !== undefined && compare(old, next) === 0) values[countUpTo(old) - 1] = next;
      else {
        if (old !== undefined) values.splice(countUpTo(old) - 1, 1);
        if (next !== undefined) values.splice(countUpTo(next), 0, next);
      }
    },
    values: () => values,
    valuesAfter: (place) => from(countUpTo(place)),
  };
}
