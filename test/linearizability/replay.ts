import { isDeepStrictEqual } from "node:util";
import type { AuditEvent } from "../../src/domain/audit-event.js";
import type { Execution } from "../../src/domain/execution.js";
import type { StoredRecord } from "../../src/stores/law/stored-record.js";
import { type Effect, effectOf } from "./effects.js";
import type { Call, EndState } from "./history.js";
import type { Rule, Violation } from "./violation.js";
import { windowOf } from "./windows.js";

/** One execution through all its versions; `versions[0]` is the time before it existed. */
export interface Timeline {
  readonly executionId: string;
  readonly versions: readonly [undefined, ...Version[]];
}

/** One version of an execution, and the call that made it. */
export interface Version {
  readonly record: StoredRecord;
  readonly event: AuditEvent;
  readonly call: Call;
}

/** An execution at a version, if it existed then. */
export const executionAt = ({ versions }: Timeline, version: number): Execution | undefined =>
  versions[version]?.record.execution;

/**
 * Plays the changes of one execution again in the order of its versions, and checks each as it goes.
 *
 * The trail says which call made which version, so the order of the changes need not be searched for.
 */
export function replay({ execution, trail }: EndState, calls: ReadonlyMap<string, Call>): Timeline | Violation {
  const versions: [undefined, ...Version[]] = [undefined];
  for (const event of trail) {
    const previous = versions.at(-1)?.record;
    const call = calls.get(event.actor);
    const broken = (rule: Rule, because: string): Violation => ({
      rule,
      because: `version ${event.version} of ${execution.id} ${because}`,
      calls: [...(versions.at(-1) ? [versions.at(-1)?.call] : []), call].filter((one) => one !== undefined),
    });
    if (event.version !== versions.length) return broken("versions without gaps", `follows ${versions.length - 1}`);
    if (call === undefined) return broken("one event per change", `is of ${event.actor}, who never called`);
    const effect = effectOf(call, previous, event);
    if (effect === undefined) return broken("one event per change", "is none that its call can have made");
    const wrong = eventProblem(event, effect, previous) ?? timeProblem(event, call);
    if (wrong !== undefined) return broken("one event per change", wrong);
    if (!effect.allowed)
      return broken("single winner", `was made although its guard did not hold: ${stateOf(previous)}`);
    versions.push({ record: effect.next, event, call });
  }
  const last = versions.at(-1);
  if (isDeepStrictEqual(last?.record.execution, execution)) return { executionId: execution.id, versions };
  const because = `${execution.id} ended as ${told(execution)}; its changes make it ${told(last?.record.execution)}`;
  const rule = last?.record.execution.version === execution.version ? "true answers" : "versions without gaps";
  return { rule, because, calls: last ? [last.call] : [] };
}

function eventProblem(event: AuditEvent, effect: Effect, previous: StoredRecord | undefined): string | undefined {
  const { executionId: _, version: __, at, status, ...said } = event;
  if (!isDeepStrictEqual(said, effect.event))
    return `says ${JSON.stringify(said)}, not ${JSON.stringify(effect.event)}`;
  if (status !== effect.next.execution.status) return `says ${status}, not ${effect.next.execution.status}`;
  return at < (previous?.execution.updatedAt ?? at) ? "is stamped before the version before it" : undefined;
}

function timeProblem({ at }: AuditEvent, call: Call): string | undefined {
  const { from, to } = windowOf(call);
  return at < from || at > to ? `is stamped ${at}, its call was made between ${from} and ${to}` : undefined;
}

const stateOf = (record: StoredRecord | undefined): string => `it was ${told(record?.execution)}`;

/** An execution in a few words. */
export function told(execution: Execution | undefined): string {
  if (execution === undefined) return "absent";
  const { version, status, fence, lease, wakeAt, expiresAt, successorId, lines } = execution;
  const states = lines.map(({ index, state, attempt }) => `${index} ${state} ${attempt}`);
  return JSON.stringify({ version, status, fence, lease, wakeAt, expiresAt, successorId, lines: states });
}

/** Where an execution as a call showed it differs from what it was; `undefined` where it does not. */
export function difference(shown: Execution, timeline: Timeline): string | undefined {
  const was = executionAt(timeline, shown.version);
  if (was === undefined) return `version ${shown.version} of ${shown.id} was never made`;
  if (isDeepStrictEqual(shown, was)) return undefined;
  const keys = Object.keys({ ...shown, ...was }) as (keyof Execution)[];
  const wrong = keys.filter((key) => !isDeepStrictEqual(shown[key], was[key]));
  const parts = wrong.map((key) => `${key} ${JSON.stringify(shown[key])} instead of ${JSON.stringify(was[key])}`);
  return `version ${shown.version} of ${shown.id} was shown with ${parts.join("; ")}`;
}
