import { applyChange, guardHolds } from "../../src/stores/law/apply-change.js";
import { checkAnswer, type Timelines } from "./answers.js";
import { firstRecord } from "./effects.js";
import { type Holdings, heldKeys, holdingsOf, type KeyKind, keyOf } from "./held-keys.js";
import type { Call, History } from "./history.js";
import { checkOrder, type Sighting, type Span, spansOf } from "./real-time-order.js";
import { replay, type Timeline, type Version } from "./replay.js";
import type { Violation } from "./violation.js";
import { mayBe, windowOf } from "./windows.js";

/**
 * Finds out whether a correct store, doing one call after the other, could have given the same answers and trails.
 *
 * What follows from a violation is not looked for: the first kind that is found is all that is returned.
 */
export function checkHistory({ calls, end }: History): readonly Violation[] {
  const byId = new Map(calls.map((call) => [call.id, call]));
  const played = end.map((state) => replay(state, byId));
  const broken = played.filter((one) => "rule" in one);
  if (broken.length > 0) return broken;
  const timelines = timelinesOf(played.filter((one): one is Timeline => !("rule" in one)));
  const checks = calls.map((call) => checkAnswer(call, timelines));
  const untrue = [...checks.flatMap(({ violations }) => violations), ...requestKeyViolations(calls, timelines)];
  if (untrue.length > 0) return untrue;
  return orderViolations(
    calls,
    timelines,
    checks.flatMap(({ sightings }) => sightings),
  );
}

function timelinesOf(timelines: readonly Timeline[]): Timelines {
  const made = new Map<string, (Version & { executionId: string })[]>();
  for (const { executionId, versions } of timelines)
    for (const version of versions)
      if (version) made.set(version.call.id, [...(made.get(version.call.id) ?? []), { ...version, executionId }]);
  return { byId: new Map(timelines.map((timeline) => [timeline.executionId, timeline])), made };
}

function orderViolations(
  calls: readonly Call[],
  { byId }: Timelines,
  sightings: readonly Sighting[],
): readonly Violation[] {
  const seen = new Map<string, Sighting[]>();
  for (const one of sightings) seen.set(one.executionId, [...(seen.get(one.executionId) ?? []), one]);
  const of = (id: string) => seen.get(id) ?? [];
  const absent = [...seen]
    .filter(([id]) => !byId.has(id))
    .map(([id]) => ({ executionId: id, versions: [undefined] }) as const);
  const disorder = [...byId.values(), ...absent].flatMap((timeline) => checkOrder(timeline, of(timeline.executionId)));
  if (disorder.length > 0) return disorder;
  const spans = new Map<Timeline, readonly Span[]>(
    [...byId.values()].map((timeline) => [
      timeline,
      spansOf(
        timeline,
        of(timeline.executionId).filter(({ versions }) => versions.length === 1),
      ),
    ]),
  );
  const holdings = holdingsOf(spans);
  return [
    ...holdings.violations,
    ...calls.flatMap((call) => takenViolations(call, byId, holdings)),
    ...calls.flatMap((call) => overlookedViolations(call, holdings)),
  ];
}

/** Each request key has one execution, and whoever met it was shown that one. */
function requestKeyViolations(calls: readonly Call[], { byId }: Timelines): readonly Violation[] {
  const makers = new Map<string, Call>();
  const violations: Violation[] = [];
  for (const { versions } of byId.values()) {
    const [, first] = versions;
    if (first === undefined) continue;
    const { requestKey } = first.record.execution;
    const other = makers.get(requestKey);
    makers.set(requestKey, first.call);
    if (other)
      violations.push({ rule: "uniqueness", because: `${requestKey} has two executions`, calls: [other, first.call] });
  }
  for (const call of calls) {
    if (call.operation !== "create" || call.returned?.answer.kind !== "existing") continue;
    const { requestKey } = call.returned.answer.execution;
    if (requestKey === call.asked[0].execution.requestKey) continue;
    violations.push({
      rule: "true answers",
      because: `${call.id} was shown the execution of ${requestKey}`,
      calls: [call],
    });
  }
  return violations;
}

/** An answer that nobody holds a commitment id or a lane, although somebody surely held it all the time. */
function overlookedViolations(call: Call, holdings: Holdings): readonly Violation[] {
  if (call.returned === undefined) return [];
  const during = { from: call.invoked.us, to: call.returned.at.us };
  return keysNotFound(call)
    .filter((key) => holdings.isHeldThroughout(key, during))
    .map((key) => ({
      rule: "true answers",
      because: `${call.id} did not find ${key}, which was held during the whole call`,
      calls: [call],
    }));
}

function keysNotFound(call: Call): readonly string[] {
  if (call.operation === "laneHolder") return call.returned?.answer ? [] : [keyOf("lane", call.asked[0])];
  if (call.operation !== "claims") return [];
  const { cloud, account, commitmentIds } = call.asked[0];
  const found = call.returned?.answer.map(({ commitmentId }) => commitmentId) ?? [];
  return commitmentIds.filter((id) => !found.includes(id)).map((id) => keyOf("commitment", cloud, account, id));
}

/** A refusal because something is taken, although nobody can have held it. */
function takenViolations(call: Call, byId: Timelines["byId"], holdings: Holdings): readonly Violation[] {
  const refusal = takenRefusal(call, byId);
  if (refusal === undefined || call.returned === undefined) return [];
  const { executionId, because, attempts } = refusal;
  const during = { from: call.invoked.us, to: call.returned.at.us };
  const taken = attempts.some((keys) => {
    const wanted = keys.filter((key) => key.startsWith(`${because} `));
    return (
      new Set(wanted).size < wanted.length || wanted.some((key) => holdings.mayHoldElsewhere(key, executionId, during))
    );
  });
  if (taken) return [];
  const why = `${call.id} was refused a ${because} that nobody else can have held during the call`;
  return [{ rule: "justified refusals", because: why, calls: [call] }];
}

interface TakenRefusal {
  readonly executionId: string;
  readonly because: KeyKind;
  /** What the execution would have held, for each version that the call may have met. */
  readonly attempts: readonly (readonly string[])[];
}

function takenRefusal(call: Call, byId: Timelines["byId"]): TakenRefusal | undefined {
  if (call.operation === "create" && call.returned?.answer.kind === "refused") {
    const { because } = call.returned.answer;
    if (because === "predecessor") return undefined;
    const { execution } = firstRecord(call.asked[0], call.invoked.wall);
    return { executionId: execution.id, because, attempts: [heldKeys(execution)] };
  }
  if (call.operation !== "commit" || call.returned?.answer.kind !== "refused") return undefined;
  const { because } = call.returned.answer;
  if (because === "guard") return undefined;
  if (because !== "lane" && because !== "lineage" && because !== "commitment")
    throw new Error(`no call asks for a change that is refused for ${because}`);
  const [change] = call.asked;
  const attempts = (byId.get(change.executionId)?.versions ?? []).flatMap((version) => {
    if (version === undefined) return [];
    const { execution } = version.record;
    const { guard } = change;
    if (!mayBe(execution, windowOf(call), (now) => guardHolds(execution, guard, now), guard)) return [];
    return [heldKeys(applyChange(version.record, change, call.invoked.wall).execution)];
  });
  return { executionId: change.executionId, because, attempts };
}
