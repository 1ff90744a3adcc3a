import type { AuditEvent } from "../../src/domain/audit-event.js";
import type { EpochMs } from "../../src/domain/clock.js";
import type { Execution } from "../../src/domain/execution.js";
import type { ExecutionStore } from "../../src/store-port/execution-store.js";

/** What clients call. Not `remove`: it takes away the trail against which everything is checked. */
export type Operation =
  | "create"
  | "commit"
  | "get"
  | "events"
  | "moveDue"
  | "claimDue"
  | "stuck"
  | "reap"
  | "claims"
  | "laneHolder"
  | "history";

type Method<Name extends Operation> = NonNullable<ExecutionStore[Name]>;

/** What a client asks of the store, as data, so that it can be written down before the call. */
export interface RequestFor<Name extends Operation> {
  readonly operation: Name;
  readonly asked: Parameters<Method<Name>>;
}

/** Any {@link RequestFor}. */
export type StoreRequest = { [Name in Operation]: RequestFor<Name> }[Operation];

/** A moment, which all processes of the machine tell alike. */
export interface Moment {
  /** Microseconds on the machine's monotonic clock: the order of calls goes by it. */
  readonly us: number;
  /** The wall clock, which PostgreSQL on the same machine goes by too: leases go by it. */
  readonly wall: EpochMs;
}

interface CallFor<Name extends Operation> extends RequestFor<Name> {
  /** Also the actor of its events, which is how a version tells whose it is. */
  readonly id: string;
  readonly invoked: Moment;
  /** Absent where the client was killed or the call threw: it may have had its effect, at any time since. */
  readonly returned?: { readonly at: Moment; readonly answer: Awaited<ReturnType<Method<Name>>> };
  readonly threw?: string;
}

/** One call of one client. */
export type Call = { [Name in Operation]: CallFor<Name> }[Operation];

/** An execution as it is at the end, with its whole trail. */
export interface EndState {
  readonly execution: Execution;
  readonly trail: readonly AuditEvent[];
}

/** What all clients did, and what it came to. */
export interface History {
  readonly calls: readonly Call[];
  readonly end: readonly EndState[];
}

/** The present moment. */
export const moment = (): Moment => ({ us: Number(process.hrtime.bigint() / 1_000n), wall: Date.now() });

/** Reads what all executions have come to; nobody may be changing them. */
export async function endOf(store: ExecutionStore): Promise<readonly EndState[]> {
  const { executions, nextCursor } = await store.history({ limit: 200 });
  if (nextCursor !== undefined) throw new RangeError("more than 200 executions");
  return await Promise.all(
    executions.map(async (execution) => ({ execution, trail: await store.events(execution.id, { limit: 100_000 }) })),
  );
}
