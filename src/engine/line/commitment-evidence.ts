import type { Commitment } from "../../domain/evidence.js";

/** Evidence that a commitment exists for a line. */
export interface CommitmentEvidence {
  readonly executionId: string;
  readonly lineIndex: number;
  readonly commitment: Commitment;
  readonly needsLabel: boolean;
  /** Why the commitment could not be recorded when the evidence came. It is set if the commitment is recorded later. */
  readonly failure?: string;
}
