import type { Clock } from "../../../../src/domain/clock.js";
import type { Execution } from "../../../../src/domain/execution.js";
import type {
  ClaimBatch,
  ClaimedExecution,
  DueMove,
  DueSweep,
  ExecutionChange,
  ExecutionStore,
} from "../../../../src/store-port/execution-store.js";
import { allOf, dueIn, pause, type Sabotage, withFault, without } from "./sabotage.js";

/** How a batch is made one execution after the other, so that each step can go wrong. */
interface Steps<Batch> {
  /** What there is to do, those that waited longest first. */
  list?(store: ExecutionStore, clock: Clock, batch: Batch): Promise<readonly Execution[]>;
  pick?(listed: readonly Execution[], batch: Batch): readonly Execution[];
  change?(change: ExecutionChange): ExecutionChange;
}

/** A store whose `moveDue` goes wrong in the steps that are given. */
export const sweeping = ({
  list = dueIn,
  pick = (listed, { moves, limit }) => named(listed, moves).slice(0, limit),
  change: misread = (change) => change,
}: Steps<DueSweep>): Sabotage["build"] =>
  withFault((correct, clock) => ({
    async moveDue(sweep) {
      const { moves, actor } = sweep;
      const picked = pick(await list(correct, clock, sweep), sweep);
      const moved = picked.map(async ({ id: executionId, status: from }) => {
        const { to, kind, reason } = moves.find((move) => move.from === from) ?? UNNAMED;
        const guard = { status: [from] };
        const change = { executionId, guard, status: to, reason, wakeAt: null, event: { kind, actor, reason } };
        const result = await correct.commit(misread(change));
        if (result.kind !== "moved") return [];
        const { version, updatedAt: at } = result.execution;
        return [{ executionId, from, to, version, at }];
      });
      return (await Promise.all(moved)).flat();
    },
  }));

/** What a sweep makes of a status that no move names. */
const UNNAMED = { to: "expired", kind: "expired", reason: "swept" } as const;

const named = (listed: readonly Execution[], moves: readonly DueMove[]): readonly Execution[] =>
  listed.filter(({ status }) => moves.some(({ from }) => from === status));

/** A store whose `claimDue` goes wrong in the steps that are given. */
export const claiming = ({
  list = dueIn,
  pick = (listed, batch) => wanted(listed, batch).slice(0, batch.limit),
  change: misread = (change) => change,
  answer = (claim) => claim,
}: Steps<ClaimBatch> & { answer?(claim: ClaimedExecution): ClaimedExecution }): Sabotage["build"] =>
  withFault((correct, clock) => ({
    async claimDue(batch) {
      const picked = pick(await list(correct, clock, batch), batch);
      const claims = picked.map(async ({ id, status }) => {
        const change: ExecutionChange = {
          executionId: id,
          guard: { status: [status], leaseFree: true },
          status: "running",
          lease: { kind: "take", owner: batch.owner, durationMs: batch.durationMs },
          wakeAt: null,
          event: batch.event,
        };
        const result = await correct.commit(misread(change));
        return result.kind === "moved" ? [answer({ execution: result.execution, from: status })] : [];
      });
      return (await Promise.all(claims)).flat();
    },
  }));

const inOrder = (listed: readonly Execution[], { from, except }: ClaimBatch): readonly Execution[] =>
  listed.filter(({ id, status }) => from.includes(status) && !except.includes(id));

const wanted = (listed: readonly Execution[], batch: ClaimBatch): readonly Execution[] => {
  const found = inOrder(listed, batch);
  const hasSlept = ({ wakeAt }: Execution) => batch.freshFirst && wakeAt !== null;
  return [...found.filter((one) => !hasSlept(one)), ...found.filter(hasSlept)];
};

/** Everything in a status that a batch names, due or not. */
const ofStatus = async (store: ExecutionStore, statuses: readonly string[]): Promise<readonly Execution[]> =>
  (await allOf(store)).filter(({ status }) => statuses.includes(status));

/** Lists, lets everybody else go on, and then does not look again. */
const unlocked = async (store: ExecutionStore, clock: Clock): Promise<readonly Execution[]> => {
  const due = await dueIn(store, clock);
  await pause();
  return due;
};
const unguarded = (change: ExecutionChange): ExecutionChange => ({ ...change, guard: {} });

const MOVES = "moveDue moves what is due as its status says, with its event, and leaves the rest of it as it was";
const MOVES_NOTHING_ELSE = "moveDue leaves alone what is not due, and what is due in a status that it does not name";
const KEEPS_APPROVAL = "moveDue and claimDue leave who approved, and from when that counts, as it was";
const MOVE_ORDER =
  "moveDue takes those first that waited longest, and no more than asked for; other statuses do not count";
const CLAIMS =
  "claimDue hands out due executions as they are then: running, the next fence, a lease, no time to wake, an event";
const CLAIMS_NOTHING_ELSE =
  "claimDue leaves alone what is not due, has none of the wanted statuses, is excepted or has a live lease";
const CLAIM_ORDER =
  "claimDue takes those first that waited longest, and no more than asked for; what it passes over does not count";
const FRESH_FIRST =
  "claimDue takes those first that have not slept, where it is asked for, and those that have for what room is left";
const NONE_TWICE = "many racing workers get different executions: none twice, none lost";

/** Batches of moves and claims that go wrong. */
export const batchSabotages: readonly Sabotage[] = [
  {
    fault: "sweeps without events",
    noticedBy: MOVES,
    build: withFault((correct) => ({
      events: async (...query) => (await correct.events(...query)).filter(({ actor }) => actor !== "sweeper"),
    })),
  },
  {
    fault: "leaves the time to wake with what it sweeps",
    noticedBy: MOVES,
    build: sweeping({ change: (change) => without(change, "wakeAt") }),
  },
  {
    fault: "sweeps without saying why",
    noticedBy: MOVES,
    build: sweeping({ change: (change) => without(change, "reason") }),
  },
  {
    fault: "takes a sweep for an approval",
    noticedBy: KEEPS_APPROVAL,
    build: sweeping({ change: (change) => ({ ...change, approvedBy: change.event.actor }) }),
  },
  {
    fault: "takes a claim for an approval",
    noticedBy: KEEPS_APPROVAL,
    build: claiming({ change: (change) => ({ ...change, approvedBy: change.event.actor }) }),
  },
  {
    fault: "sweeps by status, due or not",
    noticedBy: MOVES_NOTHING_ELSE,
    build: sweeping({
      list: (store, _clock, { moves }) =>
        ofStatus(
          store,
          moves.map(({ from }) => from),
        ),
    }),
  },
  {
    fault: "sweeps everything that is due, whatever its status",
    noticedBy: MOVES_NOTHING_ELSE,
    build: sweeping({ pick: (listed) => listed }),
  },
  {
    fault: "sweeps more than it was asked for",
    noticedBy: MOVE_ORDER,
    build: sweeping({ pick: (listed, { moves }) => named(listed, moves) }),
  },
  {
    fault: "counts other statuses when it sweeps",
    noticedBy: MOVE_ORDER,
    build: sweeping({ pick: (listed, { moves, limit }) => named(listed.slice(0, limit), moves) }),
  },
  {
    fault: "sweeps those first that have waited least",
    noticedBy: MOVE_ORDER,
    build: sweeping({ pick: (listed, { moves, limit }) => named(listed, moves).toReversed().slice(0, limit) }),
  },
  {
    fault: "lets two sweeps move one execution",
    noticedBy: "of many racing sweeps one moves each due execution",
    build: sweeping({ list: unlocked, change: unguarded }),
  },
  {
    fault: "leaves the time to wake with what it claims",
    noticedBy: CLAIMS,
    build: claiming({ change: (change) => without(change, "wakeAt") }),
  },
  {
    fault: "renews the lease of a dead worker for the next one",
    noticedBy: "a claimed execution is its worker's until the lease is over; then the next claim shuts that worker out",
    build: claiming({
      change: (change) =>
        change.guard.status?.includes("running")
          ? { ...change, lease: { kind: "renew", durationMs: 3_600_000 } }
          : change,
    }),
  },
  {
    fault: "hands out claims with the status after the claim",
    noticedBy: CLAIMS,
    build: claiming({ answer: (claim) => ({ ...claim, from: claim.execution.status }) }),
  },
  {
    fault: "hands out claims without their lines",
    noticedBy: CLAIMS,
    build: claiming({ answer: (claim) => ({ ...claim, execution: { ...claim.execution, lines: [] } }) }),
  },
  {
    fault: "claims without events",
    noticedBy: CLAIMS,
    build: withFault((correct) => ({
      events: async (...query) => (await correct.events(...query)).filter(({ reason }) => reason !== "by a batch"),
    })),
  },
  {
    fault: "claims by status, due or not",
    noticedBy: CLAIMS_NOTHING_ELSE,
    build: claiming({ list: (store, _clock, { from }) => ofStatus(store, from) }),
  },
  {
    fault: "claims in a batch what has a live lease",
    noticedBy: CLAIMS_NOTHING_ELSE,
    build: claiming({
      list: async (store, clock, { from }) => [
        ...(await dueIn(store, clock)),
        ...(await ofStatus(store, from)).filter(({ status }) => status === "running"),
      ],
      change: unguarded,
    }),
  },
  {
    fault: "claims what was to be passed over",
    noticedBy: CLAIMS_NOTHING_ELSE,
    build: claiming({ pick: (listed, batch) => wanted(listed, { ...batch, except: [] }).slice(0, batch.limit) }),
  },
  {
    fault: "claims in a batch whatever is due",
    noticedBy: CLAIMS_NOTHING_ELSE,
    build: claiming({
      pick: (listed, { except, limit }) => listed.filter(({ id }) => !except.includes(id)).slice(0, limit),
    }),
  },
  {
    fault: "counts what it passes over when it claims",
    noticedBy: CLAIM_ORDER,
    build: claiming({ pick: (listed, batch) => wanted(listed.slice(0, batch.limit), batch) }),
  },
  { fault: "claims more than it was asked for", noticedBy: CLAIM_ORDER, build: claiming({ pick: wanted }) },
  {
    fault: "claims those first that have waited least",
    noticedBy: CLAIM_ORDER,
    build: claiming({ pick: (listed, batch) => wanted(listed, batch).toReversed().slice(0, batch.limit) }),
  },
  {
    fault: "lets what is fresh wait behind what has slept",
    noticedBy: FRESH_FIRST,
    build: claiming({ pick: (listed, batch) => inOrder(listed, batch).slice(0, batch.limit) }),
  },
  {
    fault: "claims nothing but what is fresh",
    noticedBy: FRESH_FIRST,
    build: claiming({
      pick: (listed, batch) =>
        wanted(listed, batch)
          .filter(({ wakeAt }) => !batch.freshFirst || wakeAt === null)
          .slice(0, batch.limit),
    }),
  },
  {
    fault: "claims in a batch without a lock",
    noticedBy: NONE_TWICE,
    build: claiming({ list: unlocked, change: unguarded }),
  },
  {
    fault: "claims more than it hands out",
    noticedBy: NONE_TWICE,
    build: withFault((correct) => ({ claimDue: async (batch) => (await correct.claimDue(batch)).slice(0, 2) })),
  },
  {
    fault: "hands out the lines that it read before it took the lock",
    noticedBy: "the lines that claimDue hands out are those of the version it hands out",
    build: withFault((correct) => ({
      async claimDue(batch) {
        const seen = await allOf(correct);
        await pause();
        return (await correct.claimDue(batch)).map((claim) => {
          const { lines } = seen.find(({ id }) => id === claim.execution.id) ?? claim.execution;
          return { ...claim, execution: { ...claim.execution, lines } };
        });
      },
    })),
  },
];
