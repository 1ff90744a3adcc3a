import type { GcpSettings } from "./gcp-simulator-options.js";
import type { ProjectNumbers } from "./project-numbers.js";

/** What both simulated services share. */
export interface GcpWorld {
  readonly settings: GcpSettings;
  readonly projects: ProjectNumbers;
  /** The next number, never given out before. */
  nextNumber(): number;
}
