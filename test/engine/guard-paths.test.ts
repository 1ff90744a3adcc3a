import { expect, test } from "vitest";
import type { CommitmentRequest } from "../../src/domain/commitment-request/commitment-request.js";
import { isBuyonceError } from "../../src/domain/errors.js";
import type { PurchaseEngine } from "../../src/engine/purchase-engine.js";
import { deriveIdempotencyToken } from "../../src/idempotency/derive-idempotency-token.js";
import * as library from "../../src/index.js";
import { CONTRACT, purchaseFixture, simulatedLine } from "../support/purchase-fixture.js";
import { type EngineWorld, onEachStore, QUICK, WAIT_MS } from "./support/on-each-store.js";
import type { OVER_A_STORE } from "./support/public-functions.js";

/*
 * Every public function that may lead to a purchase, against every guard. The oracle is the ledger of the simulated
 * cloud: it holds nothing that a guard forbids, whatever was called.
 */

/** How far an execution is before the guard stands against it. */
const STARTS = ["pending", "approved", "failed", "in_doubt"] as const;
type Start = (typeof STARTS)[number];

/** One execution, and who may act on it. */
interface Subject {
  readonly id: string;
  readonly submission: library.Submission;
}

type Act = (world: EngineWorld, subject: Subject) => Promise<unknown>;

const BOB = { approvedBy: "bob" };
const soon = (): number => Date.now() + 600_000;

const approve = ({ engine }: EngineWorld, id: string) => engine.approve(id, BOB);

const linkTo = (engine: PurchaseEngine, id: string) =>
  engine.issueDecisionToken(id, { verb: "approve", recipient: "bob", validForMs: 600_000, issuedBy: "bob" });

/** Each function of an engine, as it may be called to get an execution bought. */
const ENGINE: Readonly<Record<keyof PurchaseEngine, Act>> = {
  submit: async (world, { submission }) => {
    const { id } = await world.engine.submit({ ...submission, requestKey: `${submission.requestKey} again` });
    await approve(world, id);
  },
  approve: (world, { id }) => approve(world, id),
  schedule: ({ engine }, { id }) => engine.schedule(id, { ...BOB, runAt: soon() }),
  pause: async (world, { id }) => {
    await world.engine.pause(id, { pausedBy: "bob" });
    await world.engine.resume(id, { resumedBy: "bob" });
    await approve(world, id);
  },
  resume: ({ engine }, { id }) => engine.resume(id, { resumedBy: "bob" }),
  cancel: ({ engine }, { id }) => engine.cancel(id, { canceledBy: "bob" }),
  cancelQueued: ({ engine }, { id }) => engine.cancelQueued(id, 0, { canceledBy: "bob" }),
  retry: async (world, { id }) =>
    approve(world, (await world.engine.retry(id, { requestedBy: "bob", force: true })).id),
  markNotified: async (world, { id }) => {
    await world.engine.markNotified(id, { channel: "#buyers", notifiedBy: "bob" });
    await approve(world, id);
  },
  resolve: async (world, { id }) => {
    await world.engine.resolve(id, 0, {
      outcome: "rejected",
      evidence: { note: "the invoice shows none" },
      resolvedBy: "bob",
    });
    await approve(world, (await world.engine.retry(id, { requestedBy: "bob", force: true })).id);
  },
  issueDecisionToken: ({ engine }, { id }) => linkTo(engine, id),
  decideByToken: async ({ engine }, { id }) => engine.decideByToken((await linkTo(engine, id)).token),
  revokeDecisionTokens: ({ engine }, { id }) => engine.revokeDecisionTokens(id, { revokedBy: "bob" }),
  run: ({ engine }, { id }) => engine.run(id),
  reconcile: ({ engine }, { id }) => engine.reconcile(id),
  tick: ({ engine }) => engine.tick(),
  withStore: async ({ engine, store }, { id }) => {
    const decisions = engine.withStore(store);
    await decisions.markNotified(id, { channel: "#buyers", notifiedBy: "bob" });
    await decisions.approve(id, BOB);
  },
  freeze: ({ engine }) =>
    engine.freeze({ scope: { account: "elsewhere" }, frozenBy: "bob", reason: "it is about another account" }),
  unfreeze: ({ engine }) => engine.unfreeze("no freeze", { liftedBy: "bob", reason: "a wrong id" }),
  changeLimits: ({ engine }) => engine.changeLimits({ changedBy: "bob", reason: "this engine knows no limits" }),
  limits: ({ engine }) => engine.limits(),
  freezes: ({ engine }) => engine.freezes(),
  suppressions: ({ engine }) => engine.suppressions(),
  suppressionsOf: ({ engine }, { submission }) =>
    engine.suppressionsOf(submission.lines.map((line) => ({ line: line as CommitmentRequest }))),
  get: ({ engine }, { id }) => engine.get(id),
  waitUntilSettled: ({ engine }, { id }) =>
    engine.waitUntilSettled(id, { signal: AbortSignal.abort() }).catch(() => {}),
  feed: ({ engine }) => engine.feed(),
  drainEvents: ({ engine }) => engine.drainEvents("mail", () => {}),
  forgetConsumer: ({ engine }) => engine.forgetConsumer("mail"),
  explain: ({ engine }, { id }) => engine.explain(id),
  history: ({ engine }) => engine.history(),
  events: ({ engine }, { id }) => engine.events(id),
};

/** Each function of the package that takes a store, and so could go past an engine. */
const LIBRARY: Readonly<Record<(typeof OVER_A_STORE)[number], Act>> = {
  transitionExecutionStatus: async ({ store }, { id: executionId }) => {
    const move = { executionId, from: ["pending", "notified"], approvedBy: "bob" } as const;
    await bestOf(() => library.transitionExecutionStatus(store, { ...move, to: "scheduled", wakeAt: soon() }));
    await bestOf(() => library.transitionExecutionStatus(store, { ...move, to: "approved" }));
    await library.transitionExecutionStatus(store, { executionId, from: ["in_doubt"], to: "running" });
  },
  createPurchaseEngine: async (world, { id }) => {
    const other = world.another({ worker: "w2", overlapWindowMs: null });
    await bestOf(() => other.approve(id, BOB));
    await other.run(id);
  },
  replayLimits: ({ store }) => library.replayLimits(store, [], { from: 0, to: Date.now() }),
  pruneExecutions: ({ store }) => library.pruneExecutions(store, {}),
  reapStuckExecutions: ({ store }) => library.reapStuckExecutions(store, {}),
};

const PATHS: Readonly<Record<string, Act>> = { ...ENGINE, ...LIBRARY };

/** Paths that change nothing, and those that are about what has failed or is in doubt. */
const READS = [
  ...["limits", "freezes", "suppressions", "suppressionsOf", "explain", "history", "events", "replayLimits"],
  ...["get", "waitUntilSettled", "feed", "drainEvents", "forgetConsumer"],
];
const AFTER_FAILURE = ["submit", "retry", "run", "tick", "withStore", "createPurchaseEngine"];
const IN_DOUBT = ["resolve", "run", "reconcile", "tick", "transitionExecutionStatus", "createPurchaseEngine"];

/** The paths that are walked from a start. */
const FROM: Readonly<Record<Start, readonly string[]>> = {
  pending: Object.keys(PATHS),
  approved: Object.keys(PATHS).filter((path) => !READS.includes(path)),
  failed: AFTER_FAILURE,
  in_doubt: IN_DOUBT,
};

/** A guard that stands against executions. */
interface Guard {
  readonly what: string;
  readonly starts: readonly Start[];
  /** Puts the guard in the way of these executions. Returns what takes it away again. */
  forbid(world: EngineWorld, subjects: readonly Subject[]): Promise<() => Promise<unknown>>;
}

const GUARDS: readonly Guard[] = [
  {
    what: "another basket covers the need",
    starts: ["pending", "failed"],
    forbid: (world, subjects) => approveRivals(world, subjects, ({ lines }) => ({ lines })),
  },
  {
    what: "another basket has the step of the plan",
    starts: ["pending", "failed"],
    forbid: (world, subjects) =>
      approveRivals(world, subjects, ({ plan, requestKey }) => ({
        ...(plan && { plan }),
        lines: [simulatedLine({ account: "acct-1", offering: { size: `rival of ${requestKey}` } })],
      })),
  },
  {
    what: "a limit allows nothing",
    starts: ["pending", "failed"],
    async forbid(world) {
      const scope = { account: "acct-1" };
      const max = { amount: "0", currency: "USD" };
      const change = { changedBy: "dora", reason: "no money is left" };
      await world.another({ limits: [{ name: "cap", scope, per: "year", max }] }).changeLimits(change);
      return () => world.another({ limits: [] }).changeLimits(change);
    },
  },
  {
    what: "the account is frozen",
    starts: STARTS,
    async forbid({ engine }) {
      const freeze = await engine.freeze({ scope: { account: "acct-1" }, frozenBy: "dora", reason: "an audit" });
      return () => engine.unfreeze(freeze.id, { liftedBy: "dora", reason: "it is over" });
    },
  },
  {
    what: "the approver may approve no longer",
    starts: STARTS,
    async forbid() {
      rights.delete("bob");
      return async () => rights.add("bob");
    },
  },
];

const PEOPLE = ["ann", "bob", "carol", "dora"];

/** Who may decide now. */
const rights = new Set<string>();

test("every function of an engine stands in the list", () => {
  const { engine } = purchaseFixture(CONTRACT.native);
  expect(Object.keys(ENGINE).sort()).toEqual(Object.keys(engine).sort());
});

onEachStore((open) => {
  test.each(GUARDS)("nothing is bought on any path while $what", async ({ starts, forbid }) => {
    for (const id of PEOPLE) rights.add(id);
    const world = await open(
      QUICK.native,
      {},
      {
        overlapWindowMs: 86_400_000,
        authorize: ({ actor }) => rights.has(actor.id),
      },
    );
    const subjects: (Subject & { readonly act: Act | undefined })[] = [];
    for (const start of starts)
      for (const path of FROM[start]) subjects.push({ ...(await prepare(world, start, path)), act: PATHS[path] });
    await world.pass(WAIT_MS);
    const allow = await forbid(world, subjects);
    const allowed = await lineagesOf(world, ({ createdBy }) => createdBy === "carol");
    for (const { act, ...subject } of subjects) {
      await bestOf(async () => act?.(world, subject));
      await bestOf(() => world.engine.run(subject.id));
    }
    await world.settle();
    for (const { id } of await allOf(world.store)) await bestOf(() => world.engine.run(id));
    await library.reapStuckExecutions(world.store, { reapAfterMs: 1 });
    await world.engine.tick();
    expect(await boughtBeside(world, allowed)).toEqual([]);
    await allow();
    const later = await prepare(world, "approved", "once the guard is gone");
    await world.engine.run(later.id);
    expect(await boughtBeside(world, allowed)).toContain(later.submission.requestKey);
  });
});

/** Makes an execution that has come so far. Each has a need and a plan of its own. */
async function prepare({ engine, cloud }: EngineWorld, start: Start, path: string): Promise<Subject> {
  const name = `${path} from ${start}`;
  const submission: library.Submission = {
    requestKey: name,
    createdBy: "ann",
    lines: [simulatedLine({ account: "acct-1", offering: { size: name } })],
    plan: { id: name, step: 1 },
  };
  const { id } = await engine.submit(submission);
  if (start === "pending") return { id, submission };
  await engine.approve(id, BOB);
  if (start === "approved") return { id, submission };
  cloud.strike({ kind: start === "failed" ? "rejected" : "lost-request" });
  expect(await engine.run(id)).toMatchObject({ status: start });
  return { id, submission };
}

/** Lets somebody else have the same approved, which is then bought. */
async function approveRivals(
  { another }: EngineWorld,
  subjects: readonly Subject[],
  share: (submission: library.Submission) => Pick<library.Submission, "lines" | "plan">,
): Promise<() => Promise<void>> {
  const engine = another();
  for (const { submission } of subjects) {
    const requestKey = `rival of ${submission.requestKey}`;
    const { id } = await engine.submit({ requestKey, createdBy: "carol", ...share(submission) });
    await engine.approve(id, { approvedBy: "carol" });
  }
  return async () => {};
}

/** Calls what a guard may refuse. */
async function bestOf(act: () => Promise<unknown>): Promise<void> {
  await act().catch((thrown: unknown) => {
    if (!isBuyonceError(thrown)) throw thrown;
  });
}

const lineagesOf = async (
  { store }: EngineWorld,
  isMeant: (execution: library.StoredExecution) => boolean,
): Promise<ReadonlySet<string>> => new Set((await allOf(store)).filter(isMeant).map(({ lineageKey }) => lineageKey));

/** The request keys of what was bought in other lineages than these. */
async function boughtBeside({ store, cloud }: EngineWorld, allowed: ReadonlySet<string>): Promise<readonly string[]> {
  const tokens = new Set(cloud.ledger().map(({ token }) => token));
  return (await allOf(store))
    .filter(({ lineageKey }) => !allowed.has(lineageKey) && tokens.has(deriveIdempotencyToken(lineageKey, 0)))
    .map(({ requestKey }) => requestKey);
}

async function allOf(store: library.ExecutionStore): Promise<readonly library.StoredExecution[]> {
  const found: library.StoredExecution[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await store.history({ limit: 200, ...(cursor !== undefined && { cursor }) });
    found.push(...page.executions);
    if (page.nextCursor === undefined) return found;
    cursor = page.nextCursor;
  }
}
