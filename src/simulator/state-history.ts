interface StateChange {
  readonly at: number;
  readonly state: string;
}

/** The states a test has set for one commitment, so that a listing can answer as of any moment. */
export class StateHistory {
  readonly #changes: StateChange[] = [];

  set(state: string, at: number): void {
    this.#changes.push({ at, state });
  }

  /** The state last set by `moment`; `undefined` if the commitment went its own way until then. */
  asOf(moment: number): string | undefined {
    return this.#changes.findLast((change) => change.at <= moment)?.state;
  }
}
