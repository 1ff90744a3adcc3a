import type { AuditEvent } from "../domain/audit-event.js";
import type { Execution } from "../domain/execution.js";
import type { ExecutionStore } from "../store-port/execution-store.js";

/**
 * The first execution of a lineage with all its retries, oldest first. `undefined` if one of them was removed
 * meanwhile.
 */
export async function readLineage(store: ExecutionStore, root: Execution): Promise<readonly Execution[] | undefined> {
  const executions = [root];
  for (let last = root; last.successorId !== null; ) {
    const next = await store.get(last.successorId);
    if (next?.retryOf !== last.id) return undefined;
    executions.push(next);
    last = next;
  }
  return executions;
}

/** The audit trail of executions, at least up to the versions at which they were read. */
export async function readTrails(
  store: ExecutionStore,
  executions: readonly Execution[],
): Promise<readonly AuditEvent[]> {
  const trails: AuditEvent[] = [];
  for (const execution of executions) trails.push(...(await readTrail(store, execution)));
  return trails;
}

/** The audit trail of an execution, at least up to the version at which it was read. */
export async function readTrail(store: ExecutionStore, { id, version }: Execution): Promise<readonly AuditEvent[]> {
  const trail: AuditEvent[] = [];
  for (let read = 0; read < version; ) {
    const page = await store.events(id, { afterVersion: read });
    if (page.length === 0) break;
    trail.push(...page);
    read = page.at(-1)?.version ?? version;
  }
  return trail;
}
