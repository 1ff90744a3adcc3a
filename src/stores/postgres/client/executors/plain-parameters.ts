/** A parameter that every driver sends unchanged. */
export type PlainParameter = string | number | boolean | null;

/**
 * A statement's parameters for drivers that encode by type and may not know the type of an array. An array becomes the
 * text that the server reads.
 */
export const plainParameters = (values: readonly unknown[]): PlainParameter[] => values.map(plainParameter);

function plainParameter(value: unknown): PlainParameter {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return `{${value.map(element).join()}}`;
  return typeof value === "number" || typeof value === "boolean" ? value : String(value);
}

const element = (value: unknown): string => `"${String(value).replaceAll(/["\\]/g, "\\$&")}"`;
