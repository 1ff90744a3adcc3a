import { describe, expect, test } from "vitest";
import type { AuditEvent, AuditEventKind } from "../../src/domain/audit-event.js";
import type { Execution } from "../../src/domain/execution.js";
import type { ExecutionStatus } from "../../src/domain/execution-status.js";
import type { ExecutionChange } from "../../src/store-port/execution-store.js";
import { newInput } from "../../src/testing/store-contract/samples.js";
import { checkHistory } from "./check-history.js";
import { firstRecord } from "./effects.js";
import type { Call, EndState, History, Moment, StoreRequest } from "./history.js";
import { explain } from "./violation.js";

// One execution that was created at 0, approved by "a" (version 2) and then paused by "b" (version 3).

const INPUT = { ...newInput({ id: "exec", status: "pending" }), event: { kind: "submitted", actor: "maker" } as const };
const PENDING = firstRecord(INPUT, 0).execution;
const APPROVED = moved(PENDING, { status: "approved", updatedAt: 20, statusChangedAt: 20 });
const PAUSED = moved(APPROVED, { status: "paused", updatedAt: 40, statusChangedAt: 40 });

function moved(execution: Execution, changes: Partial<Execution>): Execution {
  return { ...execution, version: execution.version + 1, ...changes };
}

const event = ({ version, status, updatedAt }: Execution, kind: AuditEventKind, actor: string): AuditEvent => ({
  executionId: "exec",
  version,
  at: updatedAt,
  status,
  kind,
  actor,
});

const at = (time: number): Moment => ({ us: time * 1_000, wall: time });

/** A call from one time to another; without an answer it was killed. */
function call(id: string, request: StoreRequest, [from, to]: readonly [number, number?], answer?: unknown): Call {
  const returned = to === undefined ? {} : { returned: { at: at(to), answer } };
  return { id, ...request, invoked: at(from), ...returned } as Call;
}

const changeTo = (id: string, from: ExecutionStatus, status: ExecutionStatus): StoreRequest => ({
  operation: "commit",
  asked: [
    { executionId: "exec", guard: { status: [from] }, status, event: { kind: "transitioned", actor: id } },
  ] satisfies [ExecutionChange],
});
const get: StoreRequest = { operation: "get", asked: ["exec"] };
const REFUSED = { kind: "refused", because: "guard" } as const;

const MADE = call("maker", { operation: "create", asked: [INPUT] }, [0, 1], { kind: "created", execution: PENDING });
const APPROVAL = call("a", changeTo("a", "pending", "approved"), [15, 25], { kind: "moved", execution: APPROVED });
const PAUSE = call("b", changeTo("b", "approved", "paused"), [35, 45], { kind: "moved", execution: PAUSED });
const TRAIL = [
  event(PENDING, "submitted", "maker"),
  event(APPROVED, "transitioned", "a"),
  event(PAUSED, "transitioned", "b"),
];
const END: EndState = { execution: PAUSED, trail: TRAIL };

const problems = (calls: readonly Call[], end: readonly EndState[] = [END]): readonly string[] =>
  checkHistory({ calls, end } satisfies History).map(explain);

const withCalls = (...calls: readonly Call[]): readonly string[] => problems([MADE, APPROVAL, PAUSE, ...calls]);

describe("a history is right", () => {
  test("where every change has one call and every reader saw what there was", () => {
    expect(withCalls(call("r", get, [26, 30], APPROVED), call("s", get, [50, 51], PAUSED))).toEqual([]);
  });

  test("where a reader beside a change saw either side of it", () => {
    expect(withCalls(call("r", get, [14, 30], PENDING), call("s", get, [14, 30], APPROVED))).toEqual([]);
  });

  test("where a killed call had its effect, at any time after it began", () => {
    const killed = call("b", changeTo("b", "approved", "paused"), [5]);
    expect(problems([MADE, APPROVAL, killed])).toEqual([]);
  });

  test("where a killed call had no effect", () => {
    expect(withCalls(call("k", changeTo("k", "pending", "canceled"), [10]))).toEqual([]);
  });

  test("where a call was refused that came too late", () => {
    expect(withCalls(call("late", changeTo("late", "pending", "canceled"), [20, 24], REFUSED))).toEqual([]);
  });
});

describe("a history is wrong", () => {
  test("where a reader saw an old version after the new one was there", () => {
    const [told] = withCalls(call("r", get, [26, 30], PENDING));
    expect(told).toContain("real-time order");
    expect(told).toMatch(/r saw version 1, and was invoked after a had returned; a made version 2/);
  });

  test("where two readers saw versions in the wrong order", () => {
    const [told] = withCalls(call("r", get, [16, 18], APPROVED), call("s", get, [19, 24], PENDING));
    expect(told).toMatch(/s saw version 1, and was invoked after r had returned; r saw version 2/);
  });

  test("where a reader saw a version before anybody asked for it", () => {
    const [told] = withCalls(call("r", get, [2, 3], APPROVED));
    expect(told).toMatch(/a made version 2, and was invoked after r had returned; r saw version 2/);
  });

  test("where versions were made in the wrong order", () => {
    const early = call("b", changeTo("b", "approved", "paused"), [2, 3], {
      kind: "moved",
      execution: moved(PAUSED, { version: 3 }),
    });
    const stamped = { ...END, trail: TRAIL.map((one) => ({ ...one, at: 0 })) };
    expect(problems([MADE, APPROVAL, early], [stamped])).not.toEqual([]);
  });

  test("where a refusal had no reason", () => {
    const [told] = withCalls(call("late", changeTo("late", "approved", "canceled"), [26, 30], REFUSED));
    expect(told).toContain("justified refusals");
    expect(told).toContain("during the call it was at 2");
  });

  test("where two refusals can each be explained, and not both", () => {
    // The first must have met version 2, since the status was pending before; so the second cannot have met version 1.
    const first = call("f", changeTo("f", "pending", "canceled"), [16, 18], REFUSED);
    const second = call("g", changeTo("g", "approved", "canceled"), [19, 24], REFUSED);
    expect(withCalls(first)).toEqual([]);
    expect(withCalls(second)).toEqual([]);
    expect(withCalls(first, second)).toEqual([expect.stringContaining("justified refusals")]);
  });

  test("where two calls that exclude each other both moved", () => {
    const again = moved(APPROVED, { updatedAt: 40 });
    const second = call("b", changeTo("b", "pending", "approved"), [35, 45], { kind: "moved", execution: again });
    const trail = [...TRAIL.slice(0, 2), event(again, "transitioned", "b")];
    const [told] = problems([MADE, APPROVAL, second], [{ execution: again, trail }]);
    expect(told).toContain("single winner");
    expect(told).toContain('it was {"version":2,"status":"approved"');
  });

  test("where an event is missing", () => {
    expect(problems([MADE, APPROVAL, PAUSE], [{ ...END, trail: TRAIL.slice(0, 2) }])).toEqual([
      expect.stringContaining("versions without gaps"),
    ]);
  });

  test("where a change is nobody's", () => {
    expect(problems([MADE, PAUSE])).toEqual([expect.stringContaining("is of a, who never called")]);
  });

  test("where a call was refused and changed something", () => {
    const refused = { ...PAUSE, returned: { at: at(45), answer: REFUSED } } as Call;
    expect(problems([MADE, APPROVAL, refused])).toEqual([expect.stringContaining("made exec version 3")]);
  });

  test("where an answer shows what the execution never was", () => {
    const [told] = withCalls(call("r", get, [26, 30], { ...APPROVED, fence: 7 }));
    expect(told).toContain("fence 7 instead of 0");
  });
});
