import type { Clock } from "../../domain/clock.js";
import type { CreateExecution, ExecutionChange, ExecutionStore } from "../../store-port/execution-store.js";
import { type StoreChanges, storeChanges } from "../law/changes.js";
import { type DecisionTokens, decisionTokens } from "../law/decision-tokens.js";
import { type NeedUses, needUses } from "../law/need-uses.js";
import { type PurchaseGuards, purchaseGuards } from "../law/purchase-guards.js";
import { type LimitRows, type SpendingLimits, spendingLimits } from "../law/spending-limits.js";
import type { Connection } from "./database/connection.js";
import type { Sessions } from "./database/sessions.js";
import { dueRows } from "./rows/due-rows.js";
import { moveFeedCursor, readEvents, readFeed, readFeedCursor } from "./rows/event-rows.js";
import { freezeRows, readLiftedFreezes } from "./rows/freeze-rows.js";
import { readHistory } from "./rows/history-rows.js";
import { limitRows } from "./rows/limit-rows.js";
import { readClaims, readDoubts, readLaneHolder, readLaneWaiters, readUnlabeled } from "./rows/line-reads.js";
import { needRows } from "./rows/need-rows.js";
import { readByRequestKey, readExecution, sqliteRecords } from "./rows/sqlite-records.js";
import { readStuck, reapStuck } from "./rows/stuck-rows.js";
import { tokenRows } from "./rows/token-rows.js";

/** The law of the port over the rows of one connection. */
interface Law {
  readonly changes: StoreChanges;
  readonly guards: PurchaseGuards;
  readonly limits: SpendingLimits;
  readonly limitRows: LimitRows;
  readonly needs: NeedUses;
  readonly tokens: DecisionTokens;
}

function lawOver(connection: Connection, clock: Clock): Law {
  const records = sqliteRecords(connection);
  const rows = limitRows(connection);
  const limits = spendingLimits(rows, clock);
  const needs = needUses(needRows(connection), clock);
  const guards = purchaseGuards({ plans: records, freezes: freezeRows(connection), needs, limits, clock });
  const tokens = decisionTokens(tokenRows(connection), clock);
  const changes = storeChanges(records, { rows: dueRows(connection, clock), guards, limits, tokens }, clock);
  return { changes, guards, limits, limitRows: rows, needs, tokens };
}

/** What a store works on. */
interface StoreParts {
  readonly connection: Connection;
  readonly sessions: Sessions;
  readonly clock: Clock;
}

/** A store whose every call is one session. */
export function storeOver({ connection, sessions: { read, write }, clock }: StoreParts): ExecutionStore {
  const { changes, guards, limits, limitRows: sets, needs, tokens } = lawOver(connection, clock);
  return {
    create: (input) => write(() => changes.create(ownInput(input))),
    get: (executionId) => read(() => readExecution(connection, executionId)),
    withRequestKey: (requestKey) => read(() => readByRequestKey(connection, requestKey)),
    commit: (change) => write(() => changes.commit(ownChange(change))),
    moveDue: (sweep) => write(() => changes.moveDue(sweep)),
    claimDue: (batch) => write(() => changes.claimDue(batch)),
    remove: (removal) => write(() => changes.remove(removal)),
    stuck: (query) => read(() => readStuck(connection, { ...query, now: clock.now() })),
    reap: (sweep) => write(() => reapStuck(connection, changes.commit, { ...sweep, now: clock.now() })),
    unlabeled: ({ limit }) => read(() => readUnlabeled(connection, limit, clock.now())),
    claims: (query) => read(() => readClaims(connection, query)),
    laneHolder: (lane) => read(() => readLaneHolder(connection, lane)),
    laneWaiters: (lanes) => read(() => readLaneWaiters(connection, lanes, clock.now())),
    needs: (query) => read(() => needs.uses(query)),
    neededLines: (query) => read(() => needs.lines(query)),
    doubts: (query) => read(() => readDoubts(connection, query, clock.now())),
    freeze: (freeze) => write(() => guards.freeze(freeze)),
    unfreeze: (lifting) => write(() => guards.unfreeze(lifting)),
    freezes: () => read(() => freezeRows(connection).active()),
    liftedFreezes: ({ since }) => read(() => readLiftedFreezes(connection, since)),
    changeLimits: (change) => write(() => limits.change(change)),
    limits: () => read(() => limits.inForce()),
    limitChanges: (query) => read(() => sets.changes(query)),
    decisionToken: (hash) => read(() => tokens.find(hash)),
    events: (executionId, page = {}) => read(() => readEvents(connection, executionId, page)),
    feed: (query) => read(() => readFeed(connection, query)),
    feedCursor: (consumer) => read(() => readFeedCursor(connection, consumer)),
    moveFeedCursor: (move) => write(() => moveFeedCursor(connection, move)),
    history: (query) => read(() => readHistory(connection, query)),
  };
}

/** What a call stores and hands out, as it would be read back. The caller may change what it gave. */
const ownInput = (input: CreateExecution): CreateExecution => ({
  ...input,
  execution: { ...input.execution, ...storedForm({ plan: input.execution.plan, lines: input.execution.lines }) },
});

const ownChange = (change: ExecutionChange): ExecutionChange =>
  change.lines === undefined ? change : { ...change, lines: storedForm(change.lines) };

const storedForm = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value;
