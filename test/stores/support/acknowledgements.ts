import type { ExecutionStore } from "../../../src/store-port/execution-store.js";

/** What a store said that it has stored. */
export interface Acknowledgement {
  readonly id: string;
  readonly version: number;
}

/** The highest version of each execution that was acknowledged. */
export class Acknowledgements {
  readonly #versions = new Map<string, number>();

  add({ id, version }: Acknowledgement): void {
    this.#versions.set(id, Math.max(version, this.#versions.get(id) ?? 0));
  }

  get count(): number {
    return [...this.#versions.values()].reduce((sum, version) => sum + version, 0);
  }

  /**
   * What the store does not have, or has differently: every acknowledged version must be there with the events of all
   * versions up to it, and at most the one change above it whose acknowledgement was cut off.
   */
  async problems(store: ExecutionStore): Promise<readonly string[]> {
    const problems = await Promise.all([...this.#versions].map(([id, version]) => problemOf(store, { id, version })));
    return problems.filter((problem) => problem !== undefined);
  }
}

async function problemOf(store: ExecutionStore, { id, version }: Acknowledgement): Promise<string | undefined> {
  const stored = await store.get(id);
  if (stored === undefined) return `${id} is gone; version ${version} was acknowledged`;
  if (stored.version < version || stored.version > version + 1)
    return `${id} has version ${stored.version}; ${version} was acknowledged`;
  const events = await store.events(id);
  const versions = events.map((event) => event.version).join();
  if (versions !== Array.from({ length: stored.version }, (_, at) => at + 1).join())
    return `${id} has version ${stored.version} and events of ${versions}`;
  if (events.at(-1)?.status !== stored.status)
    return `${id} is ${stored.status}, its last event ${events.at(-1)?.status}`;
  return undefined;
}
