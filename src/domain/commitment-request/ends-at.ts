import type { EpochMs } from "../clock.js";
import type { CommitmentRequest } from "./commitment-request.js";
import { termHours } from "./common.js";

/** When the commitment of a request ends if it starts at a given time: after its term, or when the request says so. */
export const endsAt = (request: CommitmentRequest, startsAt: EpochMs): EpochMs =>
  "endsAt" in request ? Date.parse(request.endsAt) : startsAt + termHours(request.term) * 3_600_000;
