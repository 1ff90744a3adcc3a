interface Returned {
  readonly at: number;
  readonly quantity: number;
}

/** How much of a reservation was returned, and when. */
export class ReturnHistory {
  readonly #returned: Returned[] = [];

  add(quantity: number, at: number): void {
    this.#returned.push({ at, quantity });
  }

  /** The quantity that was returned by `moment`. */
  asOf(moment: number): number {
    return this.#returned.reduce((sum, { at, quantity }) => (at <= moment ? sum + quantity : sum), 0);
  }
}
