import { SimulatedError } from "../../../simulated-error.js";

/** Ends a dry run: called once everything is checked and before anything is changed. */
export function endDryRun(dryRun: boolean | undefined): void {
  if (dryRun !== true) return;
  throw new SimulatedError("DryRunOperation", 412, "Request would have succeeded, but DryRun flag is set.");
}
