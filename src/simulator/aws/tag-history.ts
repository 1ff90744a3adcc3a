interface TagChange {
  readonly at: number;
  readonly set: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
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
    this.#changes.push({ at, set: { ...tags }, removed: [] });
  }

  /** Takes the tags with these keys off. */
  remove(keys: readonly string[], at: number): void {
    this.#changes.push({ at, set: {}, removed: [...keys] });
  }

  /** The tags as they were at `moment`. */
  asOf(moment: number): Record<string, string> {
    const tags = new Map<string, string>();
    for (const { set, removed } of this.#changes.filter(({ at }) => at <= moment)) {
      for (const key of removed) tags.delete(key);
      for (const [key, value] of Object.entries(set)) tags.set(key, value);
    }
    return Object.fromEntries(tags);
  }
}
