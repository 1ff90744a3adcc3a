import type { NewAuditEvent } from "../../../domain/audit-event.js";
import { jsonText, storableTextOrNull } from "./json-text.js";

/** An event as five consecutive parameters: kind, actor, reason, line_index, data. */
export const encodeEvent = (event: NewAuditEvent | undefined): readonly unknown[] => [
  event?.kind ?? null,
  event?.actor ?? null,
  storableTextOrNull(event?.reason),
  event?.lineIndex ?? null,
  jsonText(event?.data),
];
