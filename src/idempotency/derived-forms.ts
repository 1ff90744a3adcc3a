import { deriveIdempotencyToken } from "./derive-idempotency-token.js";
import { uuidV4Shaped } from "./token-formats.js";

/** How many executions a lineage can have, the first included: so many tokens of each line are known and masked. */
export const MAX_LINEAGE_ATTEMPTS = 100;

/**
 * The token that one execution of a lineage sends for a line: the line's own for the first, one derived from it for each
 * retry by a person.
 */
export const tokenOfAttempt = (token: string, lineageAttempt: number): string =>
  lineageAttempt <= 1 ? token : deriveIdempotencyToken(token, lineageAttempt);

/** The fewest hex digits of a token that any form of it shows: those of a GUID. */
export const FORM_DIGITS = 32;

/**
 * The registry of all that is made of a token for a cloud: the hex digits that the forms show.
 *
 * Every form shows, with or without dashes, at least the first {@link FORM_DIGITS} digits of one of these. Whoever adds
 * a form that shows others adds them here, so that they are masked.
 */
const DIGITS_OF_FORMS: readonly ((token: string) => string)[] = [
  // The GUID whose version and variant are set.
  (token) => uuidV4Shaped(token).replaceAll("-", ""),
  // The token itself, its GUID, and the ids and names that are made of its first digits, whatever their suffix. It comes
  // last because one token of 64 begins as its own version-4 GUID does, and then the longer form is the one to mask.
  (token) => token,
];

/** Finds forms of one token, and of the tokens of its retries, in rows of hex digits. */
export interface FormFinder {
  /** The first form in a row of lower-case hex digits: at which digit it begins, and all its digits. */
  find(digits: string): { readonly at: number; readonly form: string } | undefined;
}

/** So many tokens as a worker handles side by side; each keeps some kilobytes. */
const KEPT_FINDERS = 32;
const finders = new Map<string, FormFinder>();

/**
 * A {@link FormFinder} for one token. The tokens of its retries are derived once digits are met that are not its own.
 *
 * A worker asks for the same few tokens again and again, so those last made are kept.
 */
export function formFinder(token: string): FormFinder {
  const finder = finders.get(token) ?? newFinder(token);
  // The one last asked for stands at the end.
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
