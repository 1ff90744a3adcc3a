import { BuyonceError } from "../../domain/errors.js";

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
}

/**
 * The one offering that is exactly what a line buys, and its id.
 *
 * Throws `OFFERING_NOT_FOUND` for none and `OFFERING_AMBIGUOUS` for several: the library does not choose.
 */
export function onlyOffering<Offering>(search: OfferingSearch<Offering>): { id: string; offering: Offering } {
  const { what, wanted, listed, matching, idOf } = search;
  const [offering, ...others] = matching;
  if (offering === undefined)
    throw new BuyonceError("OFFERING_NOT_FOUND", `AWS sells no ${what} that match the line exactly.`, {
      details: { wanted, listed },
    });
  if (others.length > 0)
    throw new BuyonceError("OFFERING_AMBIGUOUS", `${matching.length} offerings of ${what} match the line exactly.`, {
      details: { offerings: matching.map(idOf) },
    });
  const id = idOf(offering);
  if (id === undefined) throw new Error("the offering has no id");
  return { id, offering };
}
