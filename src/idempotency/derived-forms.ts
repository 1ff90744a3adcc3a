import { deriveIdempotencyToken } from "./derive-idempotency-token.js";
import { uuidV4Shaped } from "./token-formats.js";

/** How many executions a lineage can have, the first included. The tokens of all of them are known and masked. */
export const MAX_LINEAGE_ATTEMPTS = 100;

/**
 * The token that one execution of a lineage sends for a line. The first execution sends the line's own token. Each
 * retry by a person sends a token that is derived from it.
 */
export const tokenOfAttempt = (token: string, lineageAttempt: number): string =>
  lineageAttempt <= 1 ? token : deriveIdempotencyToken(token, lineageAttempt);

/** The fewest hex digits that any form of a token shows: the 32 digits of a GUID. */
export const FORM_DIGITS = 32;

/**
 * The registry of all forms that are made of a token for a cloud: the hex digits that each form shows.
 *
 * Every form shows, with or without dashes, at least the first {@link FORM_DIGITS} digits of one of these. A new form
 * that shows other digits must be added here, so that it is masked.
 */
const DIGITS_OF_FORMS: readonly ((token: string) => string)[] = [
  // The GUID whose version and variant are set.
  (token) => uuidV4Shaped(token).replaceAll("-", ""),
  // The token itself, its GUID, and the ids and names that are made of its first digits, with any suffix. It comes last
  // because one token in 64 begins like its own version-4 GUID. Then the longer form must be masked.
  (token) => token,
];

/** Finds forms of one token, and of the tokens of its retries, in sequences of hex digits. */
export interface FormFinder {
  /** The first form in a sequence of lower-case hex digits: the digit at which it begins, and all its digits. */
  find(digits: string): { readonly at: number; readonly form: string } | undefined;
}

/** As many finders as a worker has tokens at the same time. Each keeps some kilobytes. */
const KEPT_FINDERS = 32;
const finders = new Map<string, FormFinder>();

/**
 * A {@link FormFinder} for one token. The tokens of its retries are derived only once digits are met that are not the
 * token's own.
 *
 * A worker needs the same few tokens again and again, so the last used finders are kept.
 */
export function formFinder(token: string): FormFinder {
  const finder = finders.get(token) ?? newFinder(token);
  // The finder that was used last stands at the end.
  finders.delete(token);
  finders.set(token, finder);
  const [oldest] = finders.keys();
  if (finders.size > KEPT_FINDERS && oldest !== undefined) finders.delete(oldest);
  return finder;
}

function newFinder(token: string): FormFinder {
  const own = formsOf([token]);
  let ofRetries: FormsByFirstDigits | undefined;
  return {
    find(digits) {
      const found = firstOf(own, digits);
      if (found !== undefined || digits.length < FORM_DIGITS) return found;
      ofRetries ??= formsOf(RETRIES.map((attempt) => tokenOfAttempt(token, attempt)));
      return firstOf(ofRetries, digits);
    },
  };
}

const RETRIES: readonly number[] = Array.from({ length: MAX_LINEAGE_ATTEMPTS - 1 }, (_, before) => before + 2);

type FormsByFirstDigits = ReadonlyMap<string, string>;

const formsOf = (tokens: readonly string[]): FormsByFirstDigits =>
  new Map(
    tokens
      .flatMap((token) => DIGITS_OF_FORMS.map((digitsOf) => digitsOf(token)))
      .map((form) => [form.slice(0, FORM_DIGITS), form]),
  );

function firstOf(forms: FormsByFirstDigits, digits: string) {
  for (let at = 0; at + FORM_DIGITS <= digits.length; at += 1) {
    const form = forms.get(digits.slice(at, at + FORM_DIGITS));
    if (form !== undefined) return { at, form };
  }
  return undefined;
}
