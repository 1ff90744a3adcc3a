import { storableText } from "../../../domain/text.js";

/**
 * A value as JSON text that `jsonb` accepts. Null for null.
 *
 * PostgreSQL stores neither NUL characters nor lone surrogates. Such a character in a cloud's error message must not
 * keep the evidence from being recorded, so it becomes U+FFFD.
 */
export function jsonText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const text = JSON.stringify(value);
  return text.includes("\\u") ? JSON.stringify(JSON.parse(text, storable)) : text;
}

function storable(_key: string, value: unknown): unknown {
  if (typeof value === "string") return storableText(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, content]) => [storableText(name), content]));
}

/** A text that may be missing, as PostgreSQL can store it. */
export const storableTextOrNull = (text: string | null | undefined): string | null =>
  text === undefined || text === null ? null : storableText(text);
