import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { isUnsettled } from "../../domain/line-state.js";

/** What became of the lines that a call worked on. Each line counts once. */
export interface Outcomes {
  /** Lines that were bought, and whose cloud said so at once. */
  readonly committed: number;
  /** Lines whose purchase was found at the cloud. */
  readonly adopted: number;
  /** Lines that were refused for good. */
  readonly rejected: number;
  /** Lines of which nobody knows whether they were bought. */
  readonly inDoubt: number;
  /** Lines that are still to be bought, by the code of what keeps them waiting. `NOT_TRIED` if nothing is wrong with them. */
  readonly waiting: Readonly<Record<string, number>>;
}

/** The code of a line that still waits, though nothing has failed: the call was stopped first, or never had the line. */
const NOT_TRIED = "NOT_TRIED";

/**
 * What a call made of the lines of an execution: the lines that it ended, and those that it leaves in doubt or waiting.
 *
 * `before` is the execution as the call found it.
 */
export function outcomesOf(before: Execution, after: Execution): Outcomes {
  const stateBefore = new Map(before.lines.map(({ index, state }) => [index, state]));
  const ended = after.lines.filter(({ index, state }) => state !== stateBefore.get(index));
  const bought = ended.filter(({ state }) => state === "committed");
  const adopted = bought.filter(({ commitment }) => commitment?.adopted).length;
  return {
    committed: bought.length - adopted,
    adopted,
    rejected: ended.filter(({ state }) => state === "rejected").length,
    inDoubt: after.lines.filter(({ state }) => isUnsettled(state)).length,
    waiting: tally(after.lines.filter(({ state }) => state === "planned").map((line) => [waitsFor(line), 1])),
  };
}

const waitsFor = ({ lastError }: PurchaseLine): string => lastError?.code ?? NOT_TRIED;

/** The outcomes of two calls that worked on one execution, one after the other. */
export const followedBy = (earlier: Outcomes, later: Outcomes): Outcomes => ({
  ...later,
  committed: earlier.committed + later.committed,
  adopted: earlier.adopted + later.adopted,
  rejected: earlier.rejected + later.rejected,
});

/** The outcomes of calls that worked on different executions. */
export const sumOf = (all: readonly Outcomes[]): Outcomes => ({
  committed: total(all.map(({ committed }) => committed)),
  adopted: total(all.map(({ adopted }) => adopted)),
  rejected: total(all.map(({ rejected }) => rejected)),
  inDoubt: total(all.map(({ inDoubt }) => inDoubt)),
  waiting: tally(all.flatMap(({ waiting }) => Object.entries(waiting))),
});

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

function tally(lines: readonly (readonly [code: string, count: number])[]): Outcomes["waiting"] {
  const counts = new Map<string, number>();
  for (const [code, count] of lines) counts.set(code, (counts.get(code) ?? 0) + count);
  return Object.fromEntries(counts);
}
