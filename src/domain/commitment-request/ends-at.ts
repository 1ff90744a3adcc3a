import type { EpochMs } from "../clock.js";
import type { CommitmentRequest } from "./commitment-request.js";
import { termHours } from "./common.js";

/** When the commitment of a request ends if it starts at a given time: after its term, or when the request says so. */
export function endsAt(request: CommitmentRequest, startsAt: EpochMs): EpochMs {
  if ("endsAt" in request) return Date.parse(request.endsAt);
  return Math.max(startsAt + termHours(request.term) * 3_600_000, customEnd(request));
}

/** Compute Engine lets a commitment end later than its term does, never earlier. */
const customEnd = (request: CommitmentRequest): EpochMs =>
  "customEndTimestamp" in request && typeof request.customEndTimestamp === "string"
    ? Date.parse(request.customEndTimestamp)
    : Number.NEGATIVE_INFINITY;
