interface StateChange {
  readonly at: number;
  readonly state: string | undefined;
}

/** The states a test has set for one commitment, so that a listing can answer as of any moment. */
export class StateHistory {
  readonly #changes: StateChange[] = [];

  /** Sets the state from `at` on; `undefined` lets the commitment go its own way again. */
  set(state: string | undefined, at: number): void {
    this.#changes.push({ at, state });
  }

  /** The state last set by `moment`; `undefined` if the commitment goes its own way then. */
  asOf(moment: number): string | undefined {
    return this.#changes.findLast((change) => change.at <= moment)?.state;
  }
}
