import { AUDIT_EVENT_KINDS } from "../../src/domain/audit-event.js";
import { readElementComments } from "./read-element-comments.js";

const HEAD = `# Audit events

Generated from \`src/domain/audit-event.ts\` by \`npm run docs\`. Each change of an execution writes one event, in the same statement.
The event's \`version\` counts the changes: 1, 2, 3, without gaps. Its \`status\` is the status after the change. So the event of the last
line can show that the execution has ended. Read a trail with \`engine.events(executionId)\`.`;

/** The page of audit events, one row for each kind. */
export function renderAuditEvents(): string {
  const rows = Object.entries(readAuditEvents()).map(
    ([kind, { happened, readers }]) => `| \`${kind}\` | ${happened} | ${readers} |`,
  );
  return `${HEAD}\n\n| kind | what happened | who reads it, and why |\n|---|---|---|\n${rows.join("\n")}\n`;
}

/** What the comments of the sources say about each kind; empty texts where a kind has no comment. */
export function readAuditEvents(): Readonly<Record<string, { readonly happened: string; readonly readers: string }>> {
  const comments = readElementComments("src/domain/audit-event.ts", "AUDIT_EVENT_KINDS");
  return Object.fromEntries(
    AUDIT_EVENT_KINDS.map((kind) => {
      const [happened = "", readers = ""] = (comments[kind] ?? "").split(" Read by ");
      return [kind, { happened, readers: readers.charAt(0).toUpperCase() + readers.slice(1) }];
    }),
  );
}
