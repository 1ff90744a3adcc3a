import type { CollectionStart } from "../../store-port/collection-lock.js";
import { assert } from "../assert.js";
import { ended, runOut, started, startOf } from "../collection-lock-contract/lock-steps.js";
import { unique } from "../store-contract/samples.js";
import { inEitherOrder } from "../store-contract/steps.js";
import type { RecommendationCase, RecommendationSubject } from "./recommendation-case.js";
import { put, sampleRecommendation, seenIn, sourceOf, storedBefore, WRITES } from "./recommendation-steps.js";

/** How often a race is run whose end depends on who is first. */
const ROUNDS = 2;

/** A scope in which each of the writes would change something. */
async function scopeOf({ store, pass }: RecommendationSubject): Promise<string> {
  const scope = await storedBefore(store, sampleRecommendation("old"), sampleRecommendation("late"));
  const run = await started(store, scope);
  await store.completeAccount({ ...sourceOf(run), askedAccount: "none" });
  await store.completeSource(sourceOf(run, "s2"));
  await ended(store, run);
  await pass(2);
  return scope;
}

/** Runs that do not have the mark, by what became of it. */
const LOST: Readonly<Record<string, (subject: RecommendationSubject) => Promise<CollectionStart>>> = {
  "never had the mark": async (subject) => startOf(await scopeOf(subject)),
  "is not the run that has the mark": async (subject) =>
    startOf((await started(subject.store, await scopeOf(subject))).scope),
  "has finished": async (subject) => {
    const run = await started(subject.store, await scopeOf(subject));
    await ended(subject.store, run);
    return run;
  },
  "was taken over": async (subject) => {
    const run = await runOut({ lock: subject.store, pass: subject.pass }, await scopeOf(subject));
    await started(subject.store, run.scope);
    return run;
  },
  "was handed over": async (subject) => {
    const run = await started(subject.store, await scopeOf(subject));
    await subject.store.handOver({ ...run, to: unique("run") });
    return run;
  },
};

/** Cases about runs that write without the mark. */
export const lostRunCases: readonly RecommendationCase[] = [
  ...Object.entries(LOST).map(
    ([what, lostRun]): RecommendationCase => ({
      name: `a run that ${what} writes nothing`,
      async run(subject) {
        const { store } = subject;
        const run = await lostRun(subject);
        const before = await seenIn(store, run.scope);
        for (const [verb, write] of Object.entries(WRITES)) {
          assert.equal(await write(store, run), false, `${verb} says that it has written`);
          assert.deepEqual(await seenIn(store, run.scope), before, `${verb} has written`);
        }
      },
    }),
  ),
  ...Object.entries(WRITES).map(
    ([verb, write]): RecommendationCase => ({
      name: `${verb} of a run that is just being taken over lands before the next run starts, or never`,
      async run(subject) {
        const { store } = subject;
        const scope = await scopeOf(subject);
        for (let round = 0; round < ROUNDS; round += 1) {
          const late = await runOut({ lock: store, pass: subject.pass }, scope);
          const before = await seenIn(store, scope);
          const takeOver = async () => {
            const next = await started(store, scope);
            return { next, seen: await seenIn(store, scope) };
          };
          const [hasWritten, { next, seen }] = await inEitherOrder(round, () => write(store, late), takeOver);
          if (!hasWritten) assert.deepEqual(seen, before, `${verb} has written, and says that it has not`);
          assert.deepEqual(await seenIn(store, scope), seen, `${verb} has landed after the next run had started`);
          await put(store, next, sampleRecommendation("old"));
          await ended(store, next);
        }
      },
    }),
  ),
];
