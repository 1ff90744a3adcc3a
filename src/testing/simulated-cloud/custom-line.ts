import canonicalize from "canonicalize";
import type { CustomRequest } from "../../domain/commitment-request/custom.js";

/** The account, region and offering of a custom request as one text. The order of the keys does not matter. */
export const offeringOf = ({
  account,
  region,
  offering,
}: Pick<CustomRequest, "account" | "region" | "offering">): string => String(canonicalize([account, region, offering]));

/** The lane of a custom request: attributes that every listing of the simulated cloud states. */
export const laneOf = ({ service, account, region }: CustomRequest): string => `${service}/${account}/${region}`;

/** The attributes that a listing of the simulated cloud may leave out. */
export const LISTED_ATTRIBUTES = ["offering", "term", "payment", "quantity", "startedAt"] as const;
/** One of {@link LISTED_ATTRIBUTES}. */
export type ListedAttribute = (typeof LISTED_ATTRIBUTES)[number];

/** The attributes by which a listed commitment is compared with a line. */
const COMPARED = ["offering", "term", "payment"] as const satisfies readonly ListedAttribute[];

/** The compared attributes of a commitment or of a line. */
export type Compared = Readonly<Record<(typeof COMPARED)[number], string>>;

/** The compared attributes of a line. */
export const comparedOf = (request: CustomRequest): Compared => ({
  offering: offeringOf(request),
  term: request.term,
  payment: request.payment,
});

/** The differences between a line and a listed commitment, each as `term: expected 1yr, found 3yr`. */
export const differencesBetween = (wanted: Compared, stated: Partial<Compared>): readonly string[] =>
  COMPARED.flatMap((name) => {
    const found = stated[name];
    return found === undefined || found === wanted[name] ? [] : `${name}: expected ${wanted[name]}, found ${found}`;
  });

/** The reason of a `maybe`: the compared attributes that a listing leaves out. `undefined` if it states all. */
export function unstated(stated: Partial<Compared> & { readonly quantity?: number }): string | undefined {
  const missing = [...COMPARED, "quantity" as const].filter((name) => stated[name] === undefined);
  return missing.length === 0 ? undefined : `the listing does not state its ${missing.join(", ")}`;
}

/** The name of a line's next purchase after some names are spent: the token, or a name derived from it. */
export const nameOf = (token: string, spent: number): string => (spent === 0 ? token : `${token}-${spent + 1}`);

/** The names under which a line may send its purchases. Each retry by a person adds one. */
export const namesOf = (token: string, lineageAttempt: number): readonly string[] =>
  Array.from({ length: Math.max(lineageAttempt, 1) }, (_, spent) => nameOf(token, spent));
