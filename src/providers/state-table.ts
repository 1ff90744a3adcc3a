import type { Sighting, SightingMeaning } from "./commitment-provider.js";

/** What one state of a service means, and why. */
export interface StateRow {
  readonly means: SightingMeaning;
  /** For a state that is `unclear` by itself: what makes it `ended`, such as `its term is over`. */
  readonly endedIf?: string;
  /** What the cloud's documents say of the state, in words. */
  readonly because: string;
}

/** What the states of one service mean, by the cloud's own words in lower case. Every other state is `live`. */
export type StateTable = Readonly<Record<string, StateRow>>;

/** What is known of a commitment besides its state. */
export interface StateFacts {
  /** Whether its whole term is over. */
  readonly isOver?: boolean;
  /** What the cloud says became of it, such as `modified into ri-2`. */
  readonly became?: string | undefined;
}

/**
 * What a state means by a service's table. A commitment without a state is `live`, and so is one whose state the table
 * does not know.
 */
export function sightingIn(table: StateTable, state: string | undefined, facts: StateFacts = {}): Sighting {
  const row = state === undefined ? undefined : table[state.toLowerCase()];
  const isEnded = row?.means === "unclear" && (facts.isOver === true || facts.became !== undefined);
  return {
    meaning: isEnded ? "ended" : (row?.means ?? "live"),
    ...(state !== undefined && { state }),
    ...(facts.became !== undefined && { became: facts.became }),
  };
}

/** What is known of a purchase under one of a line's names or tokens. */
export interface NamedPurchase {
  readonly name: string;
  readonly sighting: Sighting;
}

/**
 * The purchases that a lookup answers with, from those under all names or tokens that a line may use.
 *
 * A `void` purchase spends its name. It is the answer if the request in question was sent under that name, or if every
 * name is spent. Otherwise a person has decided to buy again under the next name, and the void purchase is passed over.
 */
export function answerOf<Purchase extends NamedPurchase>(
  purchases: readonly Purchase[],
  { lineageAttempt, sentAs }: { readonly lineageAttempt: number; readonly sentAs: string | undefined },
): readonly Purchase[] {
  const owed = purchases.filter(({ sighting }) => sighting.meaning !== "void");
  if (owed.length > 0) return owed;
  const sent = purchases.filter(({ name }) => name === sentAs);
  if (sent.length > 0) return sent;
  const spent = new Set(purchases.map(({ name }) => name));
  return spent.size < lineageAttempt ? [] : purchases;
}
