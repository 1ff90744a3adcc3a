import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { memoryStore } from "../../src/stores/memory/memory-store.js";
import { manualClock } from "../../src/testing/manual-clock.js";
import { storeContract } from "../../src/testing/store-contract.js";
import { type Mutation, mutatedModule } from "./support/mutated-module.js";

/** A part of the memory store, what stands in its place, and the case of the contract that must fail. */
interface Mutant extends Mutation {
  readonly without: string;
  readonly noticedBy: string;
}

const NEED = "an approval is refused while another lineage is approved for the same need";
const STEP = "a step of a plan is approved once while its execution is open, and for ever once it has bought anything";
const LATER = "an approval to a later time is refused as one to now, and a change of more than the status is none";
const LIMIT = "an approval that a limit does not allow is refused and changes nothing, and what is left can be used up";

const MUTANTS: readonly Mutant[] = [
  {
    without: "all guards of approvals",
    noticedBy: NEED,
    part: "if (isApproval(execution, change)) {",
    instead: "if (false) {",
  },
  {
    without: "guards of approvals from notified",
    noticedBy: NEED,
    part: 'const AWAITING: readonly ExecutionStatus[] = ["pending", "notified"];',
    instead: 'const AWAITING: readonly ExecutionStatus[] = ["pending"];',
  },
  {
    without: "guards of approvals for a later time",
    noticedBy: LATER,
    part: 'const APPROVED: readonly ExecutionStatus[] = ["approved", "scheduled"];',
    instead: 'const APPROVED: readonly ExecutionStatus[] = ["approved"];',
  },
  {
    without: "the way of approvals",
    noticedBy: LATER,
    part: "if (isDecision(execution, change) && doesMore(change))",
    instead: "if (false)",
  },
  { without: "the judgement of needs", noticedBy: NEED, part: "if (covered.length > 0)", instead: "if (false)" },
  { without: "the judgement of steps", noticedBy: STEP, part: "if (taken !== undefined)", instead: "if (false)" },
  {
    without: "the judgement of limits",
    noticedBy: LIMIT,
    part: "if (unaffordable !== undefined)",
    instead: "if (false)",
  },
  {
    without: "the judgement of sums",
    noticedBy: LIMIT,
    part: "exceeded.length > 0 ?",
    instead: "false ?",
  },
  {
    without: "the judgement of prices",
    noticedBy: "an approval is refused if the price of a line is missing, and a limit counts the line",
    part: "if (uncounted.length > 0)",
    instead: "if (false)",
  },
  {
    without: "the judgement of definitions",
    noticedBy: "an approval that knows other limits than those stored is refused",
    part: "if (known !== undefined && known !== fingerprint)",
    instead: "if (false)",
  },
  {
    without: "the judgement of freezes",
    noticedBy: "a write-ahead in a frozen scope is refused until the freeze is lifted",
    part: "return freeze && {",
    instead: "return undefined && {",
  },
  {
    without: "lineages",
    noticedBy: "the executions of a lineage do not cover each other's needs",
    part: "use.lineageKey !== lineageKey &&",
    instead: "",
  },
  {
    without: "lineages of plans",
    noticedBy: "a retry keeps the step of its lineage",
    part: "other.lineageKey !== lineageKey && hasStep(other)",
    instead: "hasStep(other)",
  },
  {
    without: "the count",
    noticedBy: LIMIT,
    part: "limits.count(record, next);",
    instead: "",
  },
  {
    without: "a look at the expiry",
    noticedBy: "commit guards that an execution has not expired, by the store's clock",
    part: "guard.unexpired === undefined ||",
    instead: "true ||",
  },
];

const ROOT = fileURLToPath(new URL("../../src/stores/memory/", import.meta.url));

test.each(MUTANTS)("the memory store is noticed to be broken without $without", async ({ noticedBy, ...mutant }) => {
  const broken = await mutated(mutant);
  const failed: string[] = [];
  const running: Promise<void>[] = [];
  storeContract({
    test(name, body) {
      if (name === noticedBy) running.push(body().catch(() => void failed.push(name)));
    },
    async createStore() {
      const clock = manualClock();
      return { store: broken({ clock }), advance: (ms) => clock.advance(ms) };
    },
  });
  expect(running).toHaveLength(1);
  await Promise.all(running);
  expect(failed).toEqual([noticedBy]);
});

/** The memory store with one part of its text replaced. */
async function mutated(mutation: Mutation): Promise<typeof memoryStore> {
  const files = /src\/stores\/(memory|law)\/[^/]*\.ts$/;
  const module = await mutatedModule<{ memoryStore: typeof memoryStore }>(`${ROOT}memory-store.ts`, files, mutation);
  return module.memoryStore;
}
