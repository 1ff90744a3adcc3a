import Big from "big.js";
import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import { parseCommitmentRequests } from "../../domain/commitment-request/commitment-request.js";
import type { GcpComputeRequest } from "../../domain/commitment-request/gcp-compute.js";
import type { InputProblem } from "../../domain/input-problem.js";
import { type Money, timesMoney } from "../../domain/money.js";
import { checkKeys, type KeysOf, refuse } from "../../domain/options.js";
import { withHourlyCommitment, withQuantity } from "../sized-line.js";
import { type StepInterval, stepDates } from "./step-dates.js";

/** What one need is to be covered to. Amounts and percentages are decimal strings. */
export interface LadderGoal {
  /**
   * A line that buys for the need. The lines of the steps are like it, with other sizes. One unit of the demand is one
   * instance or node, or an amount of 1 per hour. For resources of Google it is all that the line commits to.
   */
  readonly line: CommitmentRequest;
  /** The whole usage, in those units. */
  readonly demand: string;
  /** How much of the demand is to be covered, in percent from 0 to 100. */
  readonly targetCoverage: string;
  /** How much of it active commitments cover now, in percent. */
  readonly currentCoverage: string;
  /** What is open, in doubt, or bought so lately that the coverage does not show it, in the units of the demand. Default 0. */
  readonly inFlight?: string;
}

/** How the way to the goals is divided. */
export interface LadderPlan {
  readonly goals: readonly LadderGoal[];
  /** How many steps. With 0, nothing is bought. */
  readonly steps: number;
  /** The date of the first step, such as `2027-01-31`. */
  readonly firstDate: string;
  readonly interval: StepInterval;
}

/** One step of a ladder. */
export interface LadderStep {
  /** From 1 on: the step of a plan, as `submit` takes it. */
  readonly step: number;
  /** Such as `2027-02-28`. */
  readonly date: string;
  /** In the order of the goals. A goal that has nothing left to buy has no line. */
  readonly lines: readonly CommitmentRequest[];
  /** What the lines commit to over their terms: one sum for each currency, in the order of their codes. */
  readonly totals: readonly Money[];
}

const PLAN: KeysOf<LadderPlan> = { goals: true, steps: true, firstDate: true, interval: true };
const GOAL: KeysOf<LadderGoal> = {
  line: true,
  demand: true,
  targetCoverage: true,
  currentCoverage: true,
  inFlight: true,
};

/** The smallest amount per hour that the clouds take. */
const HOURLY_UNIT = "0.001";
const MOST_STEPS = 1_000;

/**
 * The dated lines that lead from the coverage there is to the coverage that is wanted, in equal steps.
 *
 * What is missing is rounded down to what can be bought, so no step leads past the goal. Where it does not divide, the
 * first steps are larger by one unit. Planned again after a part was bought, with the coverage and what is in flight as
 * they are then, the steps still lead to the goal and never past it. Throws `INVALID_REQUEST` for what is out of range.
 */
export function planLadder(plan: LadderPlan): readonly LadderStep[] {
  checkKeys<LadderPlan>("plan", plan, PLAN);
  refuse([...planProblems(plan)]);
  const { goals, steps, firstDate, interval } = plan;
  const lines = parseCommitmentRequests(goals.map(({ line }) => line));
  const dates = stepDates(firstDate, interval, steps);
  const ways = goals.map((goal, index) => unitsOfSteps(goal, lines[index], steps));
  return dates.map((date, index) => {
    const bought = lines.flatMap((line, goal) => lineOf(line, ways[goal]?.[index] ?? 0) ?? []);
    return { step: index + 1, date, lines: bought, totals: totalsOf(bought) };
  });
}

const isHourly = (line: CommitmentRequest | undefined): boolean => line !== undefined && "hourlyCommitment" in line;

/** How many units each step buys: whole instances, or thousandths per hour. */
function unitsOfSteps(goal: LadderGoal, line: CommitmentRequest | undefined, steps: number): readonly number[] {
  const { demand, targetCoverage, currentCoverage, inFlight = "0" } = goal;
  const missing = new Big(demand).times(new Big(targetCoverage).minus(currentCoverage)).div(100).minus(inFlight);
  const units = missing.div(isHourly(line) ? HOURLY_UNIT : 1).round(0, Big.roundDown);
  if (units.lte(0) || steps === 0) return [];
  const each = units.div(steps).round(0, Big.roundDown);
  const larger = units.minus(each.times(steps)).toNumber();
  return Array.from({ length: steps }, (_, step) => each.plus(step < larger ? 1 : 0).toNumber());
}

/** A line like this one for so many units. `undefined` for none. */
function lineOf(line: CommitmentRequest, units: number): CommitmentRequest | undefined {
  if (units === 0) return undefined;
  if (line.service === "gcp.compute") return resourcesTimes(line, units);
  if (!("hourlyCommitment" in line) || !("term" in line)) return withQuantity(line, units) as CommitmentRequest;
  return withHourlyCommitment(line, new Big(HOURLY_UNIT).times(units).toFixed());
}

function resourcesTimes(line: GcpComputeRequest, units: number): CommitmentRequest {
  const { resources, licenseResource, expectedPrice } = line;
  const times = (amount: number | undefined): number | undefined => amount && amount * units;
  return {
    ...line,
    expectedPrice: timesMoney(expectedPrice, units),
    ...(resources && {
      resources: {
        ...resources,
        ...(resources.vcpu && { vcpu: times(resources.vcpu) }),
        ...(resources.memoryMb && { memoryMb: times(resources.memoryMb) }),
        ...(resources.localSsdGb && { localSsdGb: times(resources.localSsdGb) }),
        ...(resources.accelerators && {
          accelerators: resources.accelerators.map(({ type, count }) => ({ type, count: count * units })),
        }),
      },
    }),
    ...(licenseResource && { licenseResource: { ...licenseResource, amount: licenseResource.amount * units } }),
  };
}

function totalsOf(lines: readonly CommitmentRequest[]): readonly Money[] {
  const sums = new Map<string, Big>();
  for (const { expectedPrice } of lines)
    sums.set(expectedPrice.currency, (sums.get(expectedPrice.currency) ?? new Big(0)).plus(expectedPrice.amount));
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([currency, sum]) => ({ amount: sum.toFixed(), currency }));
}

function* planProblems({ goals, steps, interval }: LadderPlan): Generator<InputProblem> {
  if (!Number.isSafeInteger(steps) || steps < 0 || steps > MOST_STEPS)
    yield { path: "plan.steps", problem: `must be a whole number from 0 to ${MOST_STEPS}` };
  const { days, months }: { readonly days?: number; readonly months?: number } = interval ?? {};
  const span = days ?? months;
  if (span === undefined || !Number.isSafeInteger(span) || span < 1 || span > 10_000)
    yield { path: "plan.interval", problem: "must have days or months, a whole number of at least 1" };
  if (!Array.isArray(goals)) yield { path: "plan.goals", problem: "must be a list of goals" };
  else for (const [index, goal] of goals.entries()) yield* goalProblems(`plan.goals[${index}]`, goal);
}

function* goalProblems(path: string, goal: LadderGoal): Generator<InputProblem> {
  for (const name of Object.keys(goal))
    if (!Object.hasOwn(GOAL, name)) yield { path: `${path}.${name}`, problem: "is not known" };
  for (const name of ["demand", "targetCoverage", "currentCoverage", "inFlight"] as const) {
    const value = goal[name] ?? (name === "inFlight" ? "0" : undefined);
    if (value === undefined || !/^\d{1,18}(\.\d{1,12})?$/.test(value))
      yield { path: `${path}.${name}`, problem: 'must be a decimal string such as "12.5"' };
    else if (name === "targetCoverage" && Number(value) > 100)
      yield { path: `${path}.${name}`, problem: "must be at most 100" };
  }
  const { line } = goal;
  if (!("term" in line)) yield { path: `${path}.line`, problem: "must be a commitment for a term" };
}
