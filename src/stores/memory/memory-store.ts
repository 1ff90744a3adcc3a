import { type Clock, systemClock } from "../../domain/clock.js";
import { invalidArgument } from "../../domain/input-problem.js";
import { checkKeys } from "../../domain/options.js";
import { checkHistoryQuery } from "../../store-port/check-history-query.js";
import type { ExecutionStore } from "../../store-port/execution-store.js";
import { storeChanges } from "../law/changes.js";
import { decisionTokens } from "../law/decision-tokens.js";
import { needUses } from "../law/need-uses.js";
import { purchaseGuards } from "../law/purchase-guards.js";
import { spendingLimits } from "../law/spending-limits.js";
import { copyExecution } from "./copy-execution.js";
import { copyOf } from "./copy-of.js";
import { memoryFreezes } from "./memory-freezes.js";
import { memoryLimits } from "./memory-limits.js";
import { memoryNeeds } from "./memory-needs.js";
import { memoryReads } from "./memory-reads.js";
import { memoryRecords } from "./memory-records.js";
import { memoryTokens } from "./memory-tokens.js";

/** Options of a store in memory. */
interface MemoryStoreOptions {
  /** The clock that gives every time stamp and judges every lease. Default: the machine's clock. */
  readonly clock?: Clock;
}

/**
 * A store in the memory of this process, for tests and experiments. Nothing survives the process.
 *
 * It keeps the whole law of the port, so a wiring that is proved on it is proved for the real stores. `clock` gives the
 * time.
 */
export function memoryStore(options: MemoryStoreOptions = {}): ExecutionStore {
  const clock = clockOf(options);
  const tokenRows = memoryTokens();
  const records = memoryRecords(tokenRows);
  const reads = memoryReads(records, clock);
  const limitRows = memoryLimits();
  const limits = spendingLimits(limitRows, clock);
  const needs = needUses(memoryNeeds(records), clock);
  const freezes = memoryFreezes();
  const guards = purchaseGuards({ plans: records, freezes, needs, limits, clock });
  const tokens = decisionTokens(tokenRows, clock);
  const changes = storeChanges(records, { rows: reads, guards, limits, tokens }, clock);
  return {
    create: async (input) => copyOf(changes.create(copyOf(input))),
    get: async (executionId) => {
      const record = records.get(executionId);
      return record && copyExecution(record.execution);
    },
    withRequestKey: async (requestKey) => {
      const execution = records.withRequestKey(requestKey);
      return execution && copyExecution(execution);
    },
    commit: async (change) => {
      const result = changes.commit(copyOf(change));
      return result.kind === "moved" ? { kind: "moved", execution: copyExecution(result.execution) } : copyOf(result);
    },
    moveDue: async (sweep) => changes.moveDue(copyOf(sweep)),
    claimDue: async (batch) => copyOf(changes.claimDue(copyOf(batch))),
    remove: async (removal) => changes.remove(removal),
    stuck: async ({ olderThanMs, limit }) => copyOf(reads.stuck(olderThanMs, limit)),
    unlabeled: async ({ limit }) => reads.unlabeled(limit),
    claims: async (query) => reads.claims(query),
    laneHolder: async (lane) => reads.laneHolder(lane),
    laneWaiters: async (lanes) => reads.laneWaiters(lanes),
    needs: async (query) => copyOf(needs.uses(query)),
    neededLines: async (query) => copyOf(needs.lines(query)),
    doubts: async (query) => reads.doubts(query),
    freeze: async (freeze) => copyOf(guards.freeze(copyOf(freeze))),
    unfreeze: async (lifting) => guards.unfreeze(lifting),
    freezes: async () => copyOf(freezes.active()),
    liftedFreezes: async ({ since }) => copyOf(freezes.lifted(since)),
    changeLimits: async (change) => limits.change(copyOf(change)),
    limits: async () => copyOf(limits.inForce()),
    limitChanges: async (query) => copyOf(limitRows.changes(query)),
    decisionToken: async (hash) => copyOf(tokens.find(hash)),
    events: async (executionId, page = {}) => copyOf(reads.events(executionId, page)),
    feed: async (query) => copyOf(records.feed.page(query)),
    feedCursor: async (consumer) => records.feed.cursor(consumer),
    moveFeedCursor: async (move) => records.feed.moveCursor(move),
    history: async (query) => {
      checkHistoryQuery(query);
      return copyOf(reads.history(query));
    },
  };
}

function clockOf(options: MemoryStoreOptions): Clock {
  checkKeys("options", options, { clock: true });
  const { clock = systemClock } = options;
  if (typeof clock?.now !== "function")
    throw invalidArgument("options.clock", "must be a clock, such as manualClock()");
  return clock;
}
