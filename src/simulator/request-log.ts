import type { RequestOutcome, SeenRequest } from "./ledger.js";

/** Every request in the order of arrival; an outcome may be filled in later than its request. */
export class RequestLog {
  readonly #seen: SeenRequest[] = [];

  /** Writes the request down as held, and returns the function that writes its outcome. */
  open(request: Omit<SeenRequest, "seq" | "outcome">): (outcome: RequestOutcome) => void {
    const index = this.#seen.length;
    const entry: SeenRequest = { ...request, seq: index + 1, outcome: { state: "held" } };
    this.#seen.push(entry);
    return (outcome) => {
      this.#seen[index] = { ...entry, outcome };
    };
  }

  all(): SeenRequest[] {
    return structuredClone(this.#seen);
  }
}
