import type { SourceFault } from "../../providers/recommendation-source.js";
import { safeMessage } from "../../providers/safe-message.js";

/** A part of the collection. */
export interface CollectionPlace {
  readonly source: string;
  /** The account that was asked. Null where the accounts themselves could not be found. */
  readonly account: string | null;
  readonly region?: string;
  /** What the part is about, in the words of its source. */
  readonly about: string;
}

/** A part that failed, beside the data that did arrive. */
export interface CollectionFailure {
  readonly place: CollectionPlace;
  readonly kind: SourceFault["kind"];
  readonly message: string;
}

/** The failure of a part. `faultOf` is the source's own word for what was thrown. */
export function failureAt(
  place: CollectionPlace,
  thrown: unknown,
  faultOf: (thrown: unknown) => SourceFault,
): CollectionFailure {
  return { place, kind: faultOf(thrown).kind, message: safeMessage(thrown, "") };
}

/** A place in words, such as `aws.reservations in 111122223333: aws.ec2 1yr no_upfront`. */
export const placeInWords = ({ source, account, region, about }: CollectionPlace): string =>
  `${source}${account === null ? "" : ` in ${account}`}${region === undefined ? "" : ` ${region}`}: ${about}`;

/** The first failures in words, and how many there are besides. */
export function failuresInWords(failures: readonly CollectionFailure[]): string {
  const shown = failures.slice(0, 3).map(({ place, message }) => `${placeInWords(place)}: ${message}`);
  const others = failures.length - shown.length;
  return others > 0 ? `${shown.join("; ")}; and ${others} more` : shown.join("; ");
}
