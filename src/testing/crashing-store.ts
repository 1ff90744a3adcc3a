import { invalidArgument } from "../domain/input-problem.js";
import { lackingProblems, refuse } from "../domain/options.js";
import { signal } from "./signal.js";

/** Hooks around every call of a port. A hook that throws stands for the death of the process at that point. */
export interface PortHooks {
  /** Called before the call has its effect. */
  before(call: string): Promise<void>;
  /** Called after the call had its effect, before the caller sees the answer. */
  after(call: string): Promise<void>;
}

/**
 * A port whose every method answers with a promise, so that something may come between a call and its effect.
 *
 * A `Map` is no such port, and neither is a driver that takes callbacks. Wrap such an object: hand over an object with
 * the few calls that your code makes.
 */
export type AsyncPort<Port> = object & {
  readonly [Name in keyof Port]: Name extends string ? AsyncMember<Port[Name]> : Port[Name];
};

/** A member of an async port: a method must answer with a promise. A member that is not a method stays as it is. */
type AsyncMember<Member> = Member extends (...args: infer Args) => infer Answer
  ? Promise<Awaited<Answer>> extends Answer
    ? Member
    : (...args: Args) => Promise<Awaited<Answer>>
  : Member;

/** The same port with hooks around each call. Nothing is mocked: each call reaches the port. */
export function interceptPort<Port extends AsyncPort<Port>>(port: Port, hooks: PortHooks): Port {
  if (typeof port !== "object" || port === null) throw invalidArgument("port", "must be a store or a provider");
  return new Proxy(port, {
    get(target, key) {
      // The receiver is the port itself, because a proxy cannot read the port's private fields.
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== "function" || typeof key !== "string") return value;
      return async (...args: unknown[]) => {
        await hooks.before(key);
        const result: unknown = await Reflect.apply(value, target, args);
        await hooks.after(key);
        return result;
      };
    },
  });
}

/** Thrown by every port call of a worker that has crashed. Workers of `exploreCrashes` never see it: they are dead. */
export class WorkerCrashed extends Error {
  override readonly name = "WorkerCrashed";
}

/**
 * Where a worker dies: at its `crashAt`-th point.
 *
 * There is one point before and one after each of the worker's port calls. The first point has number 1.
 */
export interface CrashPlan {
  readonly crashAt: number | undefined;
  /** The number of points passed so far. */
  readonly points: number;
  readonly crashed: boolean;
  /** What passed at each point, such as `after commit`. */
  readonly trace: readonly string[];
  /**
   * Resolves when the worker dies. End here what dies with a process, such as a database connection that is in a
   * transaction: a worker of `exploreCrashes` never comes to its `finally`.
   */
  readonly death: Promise<void>;
  readonly hooks: PortHooks;
}

/**
 * A plan that lets a worker die once. After its death, no call of the worker has an effect. `pause` is awaited at each
 * point.
 *
 * Its hooks throw {@link WorkerCrashed}, so that a test which drives a worker itself comes to the end of each call. So a
 * `catch` of the worker still runs after its death. In the plans of `exploreCrashes` the calls of a dead worker never
 * end instead, as in a process that was killed.
 *
 * Throws `INVALID_REQUEST` if the point is not a whole number of at least 1: a worker would never die there.
 */
export function crashPlan(crashAt?: number, pause: () => Promise<void> = async () => {}): CrashPlan {
  return planOf({
    crashAt,
    pause,
    async end(where) {
      throw new WorkerCrashed(`crashed at point ${crashAt} (${where})`);
    },
  });
}

/** A plan of {@link crashPlan} whose worker is killed: the call at which it dies never ends, and no later one does. */
export const killPlan = (crashAt?: number): CrashPlan =>
  planOf({ crashAt, pause: async () => {}, end: () => new Promise<never>(() => {}) });

interface PlannedDeath {
  readonly crashAt: number | undefined;
  readonly pause: () => Promise<void>;
  /** What becomes of a call of the dead worker. */
  readonly end: (where: string) => Promise<never>;
}

function planOf({ crashAt, pause, end }: PlannedDeath): CrashPlan {
  if (crashAt !== undefined && !(Number.isSafeInteger(crashAt) && crashAt >= 1))
    throw invalidArgument("crashAt", `must be a whole number of at least 1, got ${String(crashAt)}`);
  const state = { points: 0, crashed: false, trace: [] as string[] };
  const death = signal();
  const point = async (where: string) => {
    await pause();
    state.points += 1;
    if (state.points === crashAt) {
      state.crashed = true;
      death.give();
    }
    state.trace.push(where);
    if (state.crashed) await end(where);
  };
  return {
    crashAt,
    get points() {
      return state.points;
    },
    get crashed() {
      return state.crashed;
    },
    get trace() {
      return state.trace;
    },
    death: death.given,
    hooks: { before: (call) => point(`before ${call}`), after: (call) => point(`after ${call}`) },
  };
}

/**
 * A store whose process dies where the plan says.
 *
 * What its calls do after the death is up to the plan. With a plan of {@link crashPlan} they reject with
 * {@link WorkerCrashed}. With the plan that `exploreCrashes` hands to `work` they never end.
 *
 * For the provider, hand the hooks of the same plan to `interceptPort`. Throws `INVALID_REQUEST` if the plan is not one
 * of {@link crashPlan}.
 */
export function crashingStore<Store extends AsyncPort<Store>>(store: Store, plan: CrashPlan): Store {
  refuse(lackingProblems("plan.hooks", plan?.hooks ?? null, ["before", "after"]));
  return interceptPort(store, plan.hooks);
}
