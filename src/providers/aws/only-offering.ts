import { BuyonceError } from "../../domain/errors.js";
import { didYouMean } from "../../domain/options.js";

/** A search among a service's offerings, with what it found. */
export interface OfferingSearch<Offering> {
  /** What is sold, in words, such as `reserved DB instances in eu-west-1`. */
  readonly what: string;
  readonly wanted: object;
  /** How many offerings were looked at. */
  readonly listed: number;
  /** The offerings that are exactly what the line buys, compared in our own code. */
  readonly matching: readonly Offering[];
  idOf(offering: Offering): string | undefined;
  /** The value of the line that may be a slip, with the values that are known, to suggest one of them. */
  readonly open?: OpenValue | undefined;
}

/** A value of a line that AWS judges, beside the values that are known today. */
export interface OpenValue {
  readonly value: string;
  readonly known: readonly string[];
}

/**
 * The one offering that is exactly what a line buys, and its id.
 *
 * Throws `OFFERING_NOT_FOUND` for none, with the value that was probably meant, and `OFFERING_AMBIGUOUS` for several: the
 * library does not choose.
 */
export function onlyOffering<Offering>(search: OfferingSearch<Offering>): { id: string; offering: Offering } {
  const { what, matching, idOf } = search;
  const [offering, ...others] = matching;
  if (offering === undefined) throw notFound(search);
  if (others.length > 0)
    throw new BuyonceError("OFFERING_AMBIGUOUS", `${matching.length} offerings of ${what} match the line exactly.`, {
      details: { offerings: matching.map(idOf) },
    });
  const id = idOf(offering);
  if (id === undefined) throw new Error("the offering has no id");
  return { id, offering };
}

function notFound({
  what,
  wanted,
  listed,
  open,
}: Pick<OfferingSearch<unknown>, "what" | "wanted" | "listed" | "open">): BuyonceError {
  const slip = open === undefined || open.known.includes(open.value) ? "" : slipOf(open);
  return new BuyonceError("OFFERING_NOT_FOUND", `AWS sells no ${what} that match the line exactly${slip}.`, {
    details: { wanted, listed },
  });
}

const slipOf = ({ value, known }: OpenValue): string => `: "${value}" is not known${didYouMean(value, known)}`;
