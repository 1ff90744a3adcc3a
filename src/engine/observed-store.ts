import { type AuditEvent, auditEventOf } from "../domain/audit-event.js";
import { messageOf } from "../domain/errors.js";
import { frozenCopy } from "../domain/frozen-copy.js";
import type { Logger } from "../domain/logger.js";
import type { CreateExecution, ExecutionChange, ExecutionStore } from "../store-port/execution-store.js";

/** Is told of a change that this process has stored. */
export type OnEvent = (event: AuditEvent) => void;

/**
 * A store that tells a listener of each change that it has stored, once the store has answered.
 *
 * The listener can neither stop nor fail a purchase: it is called when the caller goes on, with a copy, in the order of the
 * changes, and what it throws is logged. A change whose answer was lost is not told. `feed` has every change.
 */
export function observedStore(store: ExecutionStore, onEvent: OnEvent, logger: Logger): ExecutionStore {
  const say = async (event: AuditEvent): Promise<void> => {
    try {
      await onEvent(frozenCopy(event) as AuditEvent);
    } catch (thrown) {
      logger.error("onEvent failed", { executionId: event.executionId, kind: event.kind, error: messageOf(thrown) });
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  /** Tells of an event once it is known, after those before. */
  const tell = (event: AuditEvent | Promise<AuditEvent>): void => {
    last = last.then(async () => {
      const known = await event;
      void say(known);
    });
  };
  return withCalls(store, {
    // Its answer does not name what it moved. Without it, the reaper moves one execution after the other.
    reap: undefined,
    async create(input) {
      const result = await store.create(input);
      if (result.kind !== "created") return result;
      tell(auditEventOf(result.execution, input.event));
      await tellOfPredecessor(store, input.retryOf, tell);
      return result;
    },
    async commit(change) {
      const result = await store.commit(change);
      if (result.kind !== "moved") return result;
      const event = auditEventOf(result.execution, change.event);
      tell(isCharged(change) ? asStored(store, event) : event);
      return result;
    },
    async moveDue(sweep) {
      const moved = await store.moveDue(sweep);
      for (const { executionId, from, to: status, version, at } of moved) {
        const { kind = "transitioned", reason } = sweep.moves.find((move) => move.from === from) ?? {};
        tell({ executionId, version, at, status, kind, actor: sweep.actor, ...(reason !== undefined && { reason }) });
      }
      return moved;
    },
    async claimDue(batch) {
      const claimed = await store.claimDue(batch);
      for (const { execution } of claimed) tell(auditEventOf(execution, batch.event));
      return claimed;
    },
  });
}

/** Whether a change may spend what a limit counts. */
const isCharged = ({ lines = [] }: ExecutionChange): boolean =>
  lines.some(({ progress }) => progress.state === "committed");

/** An event with what the store has added to it: the charges that no limit had held anything for. */
const asStored = async (store: ExecutionStore, event: AuditEvent): Promise<AuditEvent> =>
  (await eventAfter(store, event.executionId, event.version - 1)) ?? event;

/** The event that follows a version. `undefined` if the store cannot tell. */
async function eventAfter(
  store: ExecutionStore,
  executionId: string,
  afterVersion: number,
): Promise<AuditEvent | undefined> {
  const [event] = await store.events(executionId, { afterVersion, limit: 1 }).catch(() => []);
  return event;
}

/** The answer to a retry does not hold the execution that is retried. */
async function tellOfPredecessor(
  store: ExecutionStore,
  retryOf: CreateExecution["retryOf"],
  tell: OnEvent,
): Promise<void> {
  if (retryOf === undefined) return;
  const event = await eventAfter(store, retryOf.executionId, retryOf.version);
  if (event !== undefined) tell(event);
}

type Calls = Partial<Omit<ExecutionStore, "reap">> & { readonly reap: undefined };

/** A store, of whatever kind of object, with some of its calls replaced. */
const withCalls = (store: ExecutionStore, calls: Calls): ExecutionStore =>
  new Proxy(store, {
    get(target, name) {
      if (Object.hasOwn(calls, name)) return Reflect.get(calls, name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
