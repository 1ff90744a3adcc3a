import { lackingProblems, refuse } from "../domain/options.js";

/** Called around every call of a port; throwing stands for the process's death at that point. */
export interface PortHooks {
  /** The call has not had its effect. */
  before(call: string): Promise<void>;
  /** The call has had its effect and its answer is not seen yet. */
  after(call: string): Promise<void>;
}

/**
 * A port whose every method answers with a promise, so that something may come between a call and its effect.
 *
 * A `Map` is none, nor a driver that takes callbacks: hand over an object of the few calls that your code makes of it.
 */
export type AsyncPort<Port> = object & {
  readonly [Name in keyof Port]: Name extends string ? AsyncMember<Port[Name]> : Port[Name];
};

/** A method that may answer with a promise as it is, any other as one that does; what is no method as it is. */
type AsyncMember<Member> = Member extends (...args: infer Args) => infer Answer
  ? Promise<Awaited<Answer>> extends Answer
    ? Member
    : (...args: Args) => Promise<Awaited<Answer>>
  : Member;

/** The same port with hooks around each call: nothing is mocked, calls go through. */
export function interceptPort<Port extends AsyncPort<Port>>(port: Port, hooks: PortHooks): Port {
  return new Proxy(port, {
    get(target, key) {
      // The port itself is the receiver: its private fields belong to it alone.
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

/** Thrown by every port call of a worker that has crashed. */
export class WorkerCrashed extends Error {
  override readonly name = "WorkerCrashed";
}

/** Where a worker dies: at its `crashAt`-th point, counting the points before and after each of its port calls from 1. */
export interface CrashPlan {
  readonly crashAt: number | undefined;
  /** Points passed so far, for knowing how many there are. */
  readonly points: number;
  readonly crashed: boolean;
  /** What passed at each point, such as `after commit`. */
  readonly trace: readonly string[];
  readonly hooks: PortHooks;
}

/**
 * A plan that lets a worker die once; from then on nothing it calls has an effect. `pause` is awaited at each point.
 *
 * A `TypeError` for a point that is not a whole number of at least 1: a worker would never die there.
 */
export function crashPlan(crashAt?: number, pause: () => Promise<void> = async () => {}): CrashPlan {
  if (crashAt !== undefined && !(Number.isSafeInteger(crashAt) && crashAt >= 1))
    throw new TypeError(`crashAt must be a whole number of at least 1, got ${String(crashAt)}`);
  const state = { points: 0, crashed: false, trace: [] as string[] };
  const point = async (where: string) => {
    await pause();
    state.points += 1;
    if (state.points === crashAt) state.crashed = true;
    state.trace.push(where);
    if (state.crashed) throw new WorkerCrashed(`crashed at point ${crashAt} (${where})`);
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
    hooks: { before: (call) => point(`before ${call}`), after: (call) => point(`after ${call}`) },
  };
}

/**
 * A store whose process dies where the plan says; hand the same plan's hooks to `interceptPort` for the provider.
 *
 * `INVALID_REQUEST` for what is no plan of {@link crashPlan}.
 */
export function crashingStore<Store extends AsyncPort<Store>>(store: Store, plan: CrashPlan): Store {
  refuse(lackingProblems("plan.hooks", plan?.hooks ?? null, ["before", "after"]));
  return interceptPort(store, plan.hooks);
}
