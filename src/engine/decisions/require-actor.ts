import { nonBlankSchema } from "../../domain/text.js";

/** The name of the person who decides, as the audit trail keeps it. A missing name is a `TypeError`. */
export function requireActor(field: string, value: string): string {
  if (!nonBlankSchema().safeParse(value).success)
    throw new TypeError(`${field} must name who decides, without control characters`);
  return value;
}
