import { AwsError } from "../../aws-error.js";

/** Ends a dry run: called once everything is checked and before anything is changed. */
export function endDryRun(dryRun: boolean | undefined): void {
  if (dryRun !== true) return;
  throw new AwsError("DryRunOperation", 412, "Request would have succeeded, but DryRun flag is set.");
}
