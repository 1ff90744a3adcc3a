import { didYouMean } from "../../domain/options.js";

/**
 * A sentence, with a blank after it, on a value that is not among those that are known today: which one was probably
 * meant. It is empty for a known value.
 *
 * Azure extends its lists, so Azure alone judges a value. The sentence helps only once Azure has refused it.
 */
export function unknownValueHint(what: string, value: string, known: readonly string[]): string {
  if (known.includes(value)) return "";
  return `"${value}" is not a ${what} that is known today${didYouMean(value, known) || "."} `;
}
