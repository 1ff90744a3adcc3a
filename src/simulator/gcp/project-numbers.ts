import { createHash } from "node:crypto";

/**
 * The number of each project. The Recommender names its resources by the number, whether it was asked with that or the
 * id.
 *
 * A project always gets the same number, and is known by it from the moment it is first used by its id.
 */
export class ProjectNumbers {
  readonly #ids = new Map<string, string>();

  /** The 12 digits that stand for the project. */
  numberOf(projectId: string): string {
    const digest = createHash("sha256").update(projectId).digest();
    const number = String(100_000_000_000 + (digest.readUIntBE(0, 5) % 900_000_000_000));
    this.#ids.set(number, projectId);
    return number;
  }

  /** The project's id, given its id or its number. */
  idOf(project: string): string {
    return this.#ids.get(project) ?? project;
  }
}
