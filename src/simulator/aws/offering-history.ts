interface Version<Offering> {
  readonly at: number;
  readonly offering: Offering;
}

/** Offerings over time, so that a listing can answer as of any moment; in the order in which each was first on sale. */
export class OfferingHistory<Offering extends { readonly offeringId: string }> {
  readonly #versions = new Map<string, Version<Offering>[]>();

  /** Sells the offering from `at` on, instead of one with the same id. */
  set(offering: Offering, at: number): void {
    const versions = this.#versions.get(offering.offeringId) ?? [];
    this.#versions.set(offering.offeringId, [...versions, { at, offering }]);
  }

  /** What was on sale at `moment`. */
  asOf(moment: number): Offering[] {
    const current = [...this.#versions.values()].map((versions) => versions.findLast(({ at }) => at <= moment));
    return current.flatMap((version) => (version === undefined ? [] : [version.offering]));
  }
}
