import type { SimulatedError } from "../simulated-error.js";
import type { AzureWorld } from "./azure-world.js";
import { notAuthorized } from "./billing-scope.js";

/** What was asked for and does not exist. */
export interface UnknownRead {
  /** The right to read it, such as `Microsoft.Capacity/reservationOrders/read`. */
  readonly right: string;
  readonly path: string;
  /** The answer to a caller who may read the whole tenant. */
  readonly absent: SimulatedError;
}

/** The answer to a read of what does not exist, as far as the caller may know that. */
export function unknownRead({ right, path, absent }: UnknownRead, { settings }: AzureWorld): SimulatedError {
  return settings.unknownReads === "forbidden" ? notAuthorized(right, path) : absent;
}
