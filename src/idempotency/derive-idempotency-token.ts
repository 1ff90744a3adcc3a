import { invalidArgument } from "../domain/input-problem.js";
import { nodeCrypto } from "../domain/node-modules.js";

const CONTROL = /\p{Cc}/u;
const MAX_KEY_CHARACTERS = 200;

/**
 * The idempotency token of one line: the SHA-256 of `lineageKey + ":" + lineIndex` in UTF-8, as 64 lowercase hex characters.
 *
 * Any implementation of that formula gives the same bytes (test/idempotency/token-vectors.json). `INVALID_REQUEST` refuses
 * an empty key, a key over 200 characters, and a key with control characters or lone surrogates, because UTF-8 would
 * fold different keys into one. It also refuses an index that is not a whole number of at least 0.
 */
export function deriveIdempotencyToken(lineageKey: string, lineIndex: number): string {
  checkLineageKey(lineageKey);
  if (!Number.isSafeInteger(lineIndex) || lineIndex < 0)
    throw invalidArgument("lineIndex", `must be a whole number of at least 0, got ${String(lineIndex)}`);
  return nodeCrypto().hash("sha256", `${lineageKey}:${lineIndex}`, "hex");
}

function checkLineageKey(key: unknown): asserts key is string {
  if (typeof key !== "string" || key.length === 0) throw invalidArgument("lineageKey", "must be a non-empty string");
  if (key.length > MAX_KEY_CHARACTERS && [...key].length > MAX_KEY_CHARACTERS)
    throw invalidArgument("lineageKey", `must have at most ${MAX_KEY_CHARACTERS} characters, got ${[...key].length}`);
  if (CONTROL.test(key)) throw invalidArgument("lineageKey", "must not contain control characters");
  if (!key.isWellFormed()) throw invalidArgument("lineageKey", "must be well-formed Unicode, without lone surrogates");
}
