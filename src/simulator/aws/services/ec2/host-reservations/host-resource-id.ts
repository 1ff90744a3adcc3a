import { deterministicId } from "../../../../deterministic-id.js";

/** An id as EC2 writes them, e.g. `hr-0d418a3a4ffc669ae`, the same for the same seed. */
export function hostResourceId(prefix: "hr" | "hro", seed: string): string {
  return `${prefix}-${deterministicId(`${prefix}:${seed}`).replaceAll("-", "").slice(0, 17)}`;
}
