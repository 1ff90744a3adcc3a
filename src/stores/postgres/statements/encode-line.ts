import type { LineProgress, PurchaseLine } from "../../../domain/execution.js";
import type { LineChange } from "../../../store-port/execution-store.js";
import { jsonText } from "./json-text.js";
import { timestamp } from "./timestamp.js";

const progressFields = (progress: LineProgress) => ({
  state: progress.state,
  attempt: progress.attempt,
  submitted_at: timestamp(progress.submittedAt),
  unproved_since: timestamp(progress.unprovedSince),
  unproved_requests: progress.unprovedRequests,
  sent_under: progress.sentUnder,
  prepared: progress.prepared,
  commitment: progress.commitment,
  needs_label: progress.needsLabel,
  rejection: progress.rejection,
  doubt: progress.doubt,
  last_error: progress.lastError,
  withdrawn: progress.withdrawn,
  said_absent: progress.saidAbsent,
  price_drift: progress.priceDrift,
});

/** New lines as the JSON that `create` unpacks with `jsonb_to_recordset`. */
export const encodeLines = (lines: readonly PurchaseLine[]): string | null =>
  jsonText(
    lines.map((line) => ({
      line_index: line.index,
      request: line.request,
      fingerprint: line.fingerprint,
      need: line.need,
      ...progressFields(line),
    })),
  );

/** Line changes as the JSON that `commit` unpacks with `jsonb_to_recordset`. */
export const encodeLineChanges = (changes: readonly LineChange[]): string | null =>
  jsonText(
    changes.map(({ index, progress, stampSubmission, acceptsPrice }) => ({
      line_index: index,
      stamp: stampSubmission === true,
      accepts: acceptsPrice === true,
      ...progressFields(progress),
    })),
  );
