import type { Sighting } from "../../commitment-provider.js";
import { type StateTable, sightingIn } from "../../state-table.js";

/** What the statuses of Compute Engine's commitments mean. None of them says that nothing is owed. */
export const GCP_COMMITMENT_STATES: StateTable = {
  creating: { means: "pending", because: "The operation of the insert still runs." },
  not_yet_active: { means: "live", because: "It is bought, and its term starts at the next midnight in Pacific time." },
  active: { means: "live", because: "Its term runs." },
  expired: { means: "ended", because: "Its term is over." },
  cancelled: {
    means: "unclear",
    endedIf: "another commitment of the region names it as one that it was merged or split from",
    because: "It stands for a commitment that was merged into another, and for one that was cancelled by hand.",
  },
};

/** What the status of a commitment means, with what became of it where that is known. */
export const sightingOf = (status: string | undefined, became?: string): Sighting =>
  sightingIn(GCP_COMMITMENT_STATES, status, { became });
