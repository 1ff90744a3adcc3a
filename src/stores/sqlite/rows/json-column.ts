/** A value as JSON text. Null for null. */
export const encodeJson = (value: unknown): string | null =>
  value === null || value === undefined ? null : JSON.stringify(value);

/** What {@link encodeJson} encoded. The column decides the type. */
export const decodeJson = <Value>(text: unknown): Value => (text === null ? null : JSON.parse(String(text))) as Value;

/** A number that may be missing. A driver may give it as a bigint. */
export const numberOrNull = (value: unknown): number | null => (value === null ? null : Number(value));

/** Text that may be missing. */
export const textOrNull = (value: unknown): string | null => (value === null ? null : String(value));
