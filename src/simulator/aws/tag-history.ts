interface TagChange {
  readonly at: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** The tags of one resource over time, so that a listing can answer as of any moment. */
export class TagHistory {
  readonly #changes: TagChange[] = [];

  /** Sets tags that came with the resource itself: every listing that shows it shows them. */
  setFromTheStart(tags: Readonly<Record<string, string>>): void {
    this.set(tags, Number.NEGATIVE_INFINITY);
  }

  /** Sets tags; a key set again gets the new value. */
  set(tags: Readonly<Record<string, string>>, at: number): void {
    this.#changes.push({ at, tags: { ...tags } });
  }

  /** The tags that had been set by `moment`. */
  asOf(moment: number): Record<string, string> {
    const seen = this.#changes.filter((change) => change.at <= moment);
    return Object.fromEntries(seen.flatMap((change) => Object.entries(change.tags)));
  }
}
