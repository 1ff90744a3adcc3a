import type { NewAuditEvent } from "../../../domain/audit-event.js";
import { jsonText, storableTextOrNull } from "./json-text.js";

/** An event as five consecutive parameters: kind, actor, reason, line_index, data. */
export const encodeEvent = (event: NewAuditEvent): readonly unknown[] => [
  event.kind,
  event.actor,
  storableTextOrNull(event.reason),
  event.lineIndex ?? null,
  jsonText(event.data),
];

/** An event as fields of the JSON that a statement unpacks. */
export const eventFields = ({ kind, actor, reason, lineIndex, data }: NewAuditEvent) => ({
  kind,
  actor,
  reason,
  line_index: lineIndex,
  data,
});
