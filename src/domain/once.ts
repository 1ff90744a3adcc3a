/**
 * Makes an object at its first use, and returns the same object afterwards. So an object that is costly to make does
 * not slow the import.
 */
export function once<Made extends object>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
