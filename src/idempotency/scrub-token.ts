import { maskToken } from "./mask-token.js";
import { idempotencyGuid, uuidV4Shaped } from "./token-formats.js";

/**
 * A value as it may stand in logs, errors and events: wherever the token or a form of it occurs in a text, however
 * deep, only its first 8 characters are left.
 *
 * Forms are the whole token, its 40 hex digits in ids and names, and both GUIDs, in either case.
 */
export function scrubToken<Value>(value: Value, token: string): Value {
  const forms = [token, token.slice(0, 40), idempotencyGuid(token), uuidV4Shaped(token)];
  const anyForm = new RegExp(forms.join("|"), "gi");
  const scrub = (one: unknown): unknown => {
    if (typeof one === "string") return one.replaceAll(anyForm, maskToken(token));
    if (Array.isArray(one)) return one.map(scrub);
    if (typeof one !== "object" || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, scrub(inner)]));
  };
  return scrub(value) as Value;
}
