/** Throws a `TypeError` for a number among an adapter's options that is out of range. */
export function checkSettings({
  timing,
  ...settings
}: {
  readonly timing: object;
  readonly requestTimeoutMs: number;
  readonly maxPages?: number;
  readonly pollForMs?: number;
  readonly pollEveryMs?: number;
}): void {
  for (const [name, value] of Object.entries({ ...timing, ...settings }))
    if (!Number.isFinite(value) || value < 0)
      throw new TypeError(`${name} must be a number of at least 0, got ${value}`);
  const { requestTimeoutMs, maxPages = 1 } = settings;
  if (requestTimeoutMs === 0) throw new TypeError("requestTimeoutMs must be greater than 0");
  if (!Number.isInteger(maxPages) || maxPages === 0)
    throw new TypeError("maxPages must be a whole number of at least 1");
}
