import { saysAbsent } from "../aws-outcome.js";
import type { Reservation } from "./reservation.js";

/**
 * The reservation of a name, from a service that is asked for one by its id.
 *
 * Returns `undefined` only if the service says by its own code that there is none. Names are compared in our own code,
 * without regard to case. So a listing that ignored the requested name, or that is empty, throws.
 */
export async function theOneNamed(
  name: string,
  ask: () => Promise<readonly Reservation[] | undefined>,
): Promise<Reservation | undefined> {
  const answered = await ask().catch((thrown: unknown) => {
    if (saysAbsent(thrown)) return "absent" as const;
    throw thrown;
  });
  if (answered === "absent") return undefined;
  const [found, ...others] = answered ?? [];
  if (found === undefined || others.length > 0 || found.id.toLowerCase() !== name)
    throw new Error(`asked for ${name}, the service answered with ${answered?.length ?? "no list of"} reservations`);
  return found;
}
