import { Inserts } from "./compute/inserts.js";
import type { GcpSettings } from "./gcp-simulator-options.js";
import { Orders } from "./procurement/orders.js";
import { ProjectNumbers } from "./project-numbers.js";

/** What the simulated services share. */
export interface GcpWorld {
  readonly settings: GcpSettings;
  readonly projects: ProjectNumbers;
  /** The commitments of Compute Engine. */
  readonly inserts: Inserts;
  /** The spend-based commitments. */
  readonly orders: Orders;
  /** The next number, never given out before. */
  nextNumber(): number;
}

/** A world in which nothing has happened yet. */
export function gcpWorld(settings: GcpSettings): GcpWorld {
  let number = 0;
  return {
    settings,
    projects: new ProjectNumbers(),
    inserts: new Inserts(settings),
    orders: new Orders(settings),
    nextNumber: () => ++number,
  };
}
