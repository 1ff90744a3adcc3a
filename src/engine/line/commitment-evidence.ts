import type { Commitment } from "../../domain/evidence.js";

/** Evidence of a commitment, by whoever brings it. */
export interface CommitmentEvidence {
  readonly executionId: string;
  readonly lineIndex: number;
  readonly commitment: Commitment;
  readonly needsLabel: boolean;
  /** Why it could not be recorded when it came; set where it is recorded later. */
  readonly failure?: string;
}
