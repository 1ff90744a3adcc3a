import type { Execution } from "../../domain/execution.js";
import { checkKeys } from "../../domain/options.js";
import type { Actor, ActorOrId } from "../../guards/actor.js";
import { executionNotFound } from "../../state-machine/require-execution.js";
import type { HistoryPage, HistoryQuery } from "../../store-port/execution-store.js";
import { isAuthorized, mayGovern } from "../ask-authority.js";
import type { EngineContext } from "../engine-options.js";
import { notAuthorized } from "./authorized-actor.js";
import { requireActor } from "./require-actor.js";

/** For whom something is read. */
export interface Reading {
  /** Who will see the answer. `authorize` is then asked. A read without a reader is your own code's, and is not asked. */
  readonly readBy: ActorOrId;
}

/** An execution that the reader may see. Any other is `EXECUTION_NOT_FOUND`, as if it did not exist. */
export async function readableExecution(
  context: EngineContext,
  executionId: string,
  reading?: Reading,
): Promise<Execution> {
  const reader = reading && readerOf(reading);
  const execution = await context.store.get(executionId);
  if (execution === undefined || !(await mayRead(context, execution, reader))) throw executionNotFound(executionId);
  return execution;
}

/** Refuses a reader who may not read what is about no execution. */
export async function requireReader(context: EngineContext, reading?: Reading): Promise<void> {
  if (reading !== undefined && !(await mayGovern(context, "read", readerOf(reading)))) throw notAuthorized("read");
}

/** The reader, as the rules are asked about it. */
function readerOf(reading: Reading): Actor {
  checkKeys<Reading>("reading", reading, { readBy: true });
  return requireActor("readBy", reading.readBy);
}

/** Whether a reader may see an execution. Without a reader, nobody is asked. */
export const mayRead = async (
  context: EngineContext,
  execution: Execution,
  reader: Actor | undefined,
): Promise<boolean> =>
  reader === undefined ||
  (await isAuthorized(context, { verb: "read", actor: reader, at: "decision", executionId: execution.id, execution }));

/** The longest page that a store gives. */
const LONGEST_PAGE = 200;

/**
 * A page of history with the executions that the reader may see.
 *
 * It says nothing of the others: it is filled up with later executions, it has a cursor only if the reader may see one
 * more, and the cursor stands at the last one that it holds. For a reader who may see few of many, pass `createdBy` or
 * another filter of the store, because executions that are hidden are read all the same.
 */
export async function readableHistory(
  context: EngineContext,
  query: HistoryQuery,
  reading?: Reading,
): Promise<HistoryPage> {
  if (reading === undefined) return context.store.history(query);
  const reader = readerOf(reading);
  const { limit = 50 } = query;
  const executions: Execution[] = [];
  let upToLast = query;
  for (let place: HistoryQuery | undefined = query; place !== undefined; ) {
    const page = await context.store.history({ ...place, limit: Math.min(limit + 50, LONGEST_PAGE) });
    for (const [before, execution] of page.executions.entries()) {
      if (!(await mayRead(context, execution, reader))) continue;
      if (executions.length === limit) {
        const { executions: again, ...cursor } = await context.store.history(upToLast);
        const isSame = again.at(-1)?.id === executions.at(-1)?.id;
        // If an execution was stored meanwhile, the cursor may stand at one that is hidden.
        return isSame ? { executions, ...cursor } : readableHistory(context, query, reading);
      }
      executions.push(execution);
      upToLast = { ...place, limit: before + 1 };
    }
    place = page.nextCursor === undefined ? undefined : { ...query, cursor: page.nextCursor };
  }
  return { executions };
}
