import type { AuditEvent, AuditEventKind } from "../domain/audit-event.js";
import type { Execution } from "../domain/execution.js";
import { isKnownId } from "./actor.js";

/** Events whose actor has made a part of what is bought. */
const MAKING: readonly AuditEventKind[] = ["submitted", "retried"];

/**
 * Everybody who made a part of what a lineage buys: who created one of its executions, asked for a retry, or overruled
 * a refusal.
 */
export const makersOf = (
  lineage: readonly Pick<Execution, "createdBy">[],
  trail: readonly Pick<AuditEvent, "kind" | "actor" | "data">[],
): ReadonlySet<string> =>
  new Set([
    ...lineage.map(({ createdBy }) => createdBy),
    ...trail.filter(({ kind, data }) => MAKING.includes(kind) || data?.["overruled"] !== undefined).map(actorOf),
  ]);

const actorOf = ({ actor }: Pick<AuditEvent, "actor">): string => actor;

/**
 * Whether somebody may approve what the makers made. Nobody may approve a part of their own.
 *
 * An approver or a maker that nobody knows is refused, because then nobody can tell whether they are one person. Ids
 * that differ only in case, in the form of their characters, in characters that nobody sees or in the space around them
 * count as one person.
 */
export function isOtherPerson(approver: string | null, makers: ReadonlySet<string>): boolean {
  if (!isKnownId(approver) || makers.size === 0) return false;
  return [...makers].every((maker) => isKnownId(maker) && personOf(maker) !== personOf(approver));
}

/** Whether two ids are known and name one person. */
export const isSamePerson = (id: string, other: string): boolean =>
  isKnownId(id) && isKnownId(other) && personOf(id) === personOf(other);

/** Characters that nobody sees, such as a zero-width space. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** The same for all ids of one person, as far as anybody can tell from the ids. */
export const personOf = (id: string): string => id.normalize("NFKC").replace(INVISIBLE, "").trim().toLowerCase();
