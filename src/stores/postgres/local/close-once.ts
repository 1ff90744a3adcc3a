/** Closes something once for all callers. Where that fails, on a full disk for one, the next call tries again. */
export function closeOnce(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined;
  return () => {
    closing ??= close().catch((error: unknown) => {
      closing = undefined;
      throw error;
    });
    return closing;
  };
}
