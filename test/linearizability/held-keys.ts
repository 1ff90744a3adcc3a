import { cloudOf } from "../../src/domain/commitment-request/commitment-request.js";
import type { Execution } from "../../src/domain/execution.js";
import { isUnsettled } from "../../src/domain/line-state.js";
import { isOpen } from "../../src/stores/law/uniqueness.js";
import type { Span } from "./real-time-order.js";
import { executionAt, type Timeline } from "./replay.js";
import type { Violation } from "./violation.js";

/** Why a store refuses what another one holds. */
export type KeyKind = "lane" | "lineage" | "commitment";

/** What only one may hold, as text that begins with its kind. */
export const keyOf = (kind: KeyKind, ...parts: readonly unknown[]): string => `${kind} ${JSON.stringify(parts)}`;

/** What an execution holds that nothing else may hold at the same time, each as `<kind> <name>`. */
export function heldKeys(execution: Execution): readonly string[] {
  const { lineageKey, lines } = execution;
  const ofLines = lines.flatMap(({ index, state, prepared, commitment, request: { service, account } }) => {
    const ids = new Set([...(commitment?.commitmentIds ?? []), ...(commitment?.formerIds ?? [])]);
    return [
      ...(isUnsettled(state) && prepared?.lane !== undefined ? [keyOf("lane", prepared.lane)] : []),
      ...(isUnsettled(state) || state === "committed" ? [keyOf("lineage", lineageKey, index)] : []),
      ...[...ids].map((id) => keyOf("commitment", cloudOf(service), account, id)),
    ];
  });
  return [...(isOpen(execution) ? [keyOf("lineage", lineageKey)] : []), ...ofLines];
}

/** A stretch of versions through which an execution held a key. */
interface Holding {
  readonly timeline: Timeline;
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly spans: { readonly first: Span; readonly last: Span };
}

/** A stretch of the monotonic clock. */
interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Who held what, when. */
export interface Holdings {
  /** Two executions that surely held the same at the same time. */
  readonly violations: readonly Violation[];
  /** Whether another execution may have held a key during a stretch of the monotonic clock. */
  mayHoldElsewhere(key: string, executionId: string, during: Stretch): boolean;
  /** Whether one execution surely held a key during the whole of a stretch. */
  isHeldThroughout(key: string, during: Stretch): boolean;
}

/** Finds who held what, from when each version was the present one. */
export function holdingsOf(timelines: ReadonlyMap<Timeline, readonly Span[]>): Holdings {
  const byKey = new Map<string, Holding[]>();
  for (const [timeline, spans] of timelines)
    for (const holding of holdingsIn(timeline, spans))
      byKey.set(holding.key, [...(byKey.get(holding.key) ?? []), holding]);
  return {
    violations: [...byKey.values()].flatMap(heldTwice),
    mayHoldElsewhere: (key, executionId, { from, to }) =>
      (byKey.get(key) ?? []).some(
        ({ timeline, spans: { first, last } }) =>
          timeline.executionId !== executionId && first.notBefore <= to && from <= last.notAfter,
      ),
    isHeldThroughout: (key, { from, to }) =>
      (byKey.get(key) ?? []).some(({ spans: { first, last } }) => first.surelyFrom < from && to < last.surelyTo),
  };
}

function holdingsIn(timeline: Timeline, spans: readonly Span[]): readonly Holding[] {
  const ended: Holding[] = [];
  let open = new Map<string, Holding>();
  timeline.versions.forEach((_, version) => {
    const span = spans[version];
    const execution = executionAt(timeline, version);
    if (span === undefined || execution === undefined) return;
    const held = new Map<string, Holding>();
    for (const key of heldKeys(execution)) {
      const { from, spans: stretch } = open.get(key) ?? { from: version, spans: { first: span } };
      held.set(key, { timeline, key, from, to: version, spans: { first: stretch.first, last: span } });
    }
    ended.push(...[...open].filter(([key]) => !held.has(key)).map(([, holding]) => holding));
    open = held;
  });
  return [...ended, ...open.values()];
}

function heldTwice(holdings: readonly Holding[]): readonly Violation[] {
  return holdings.flatMap((one, at) =>
    holdings
      .slice(at + 1)
      .filter((other) => other.timeline !== one.timeline && surelyOverlap(one, other))
      .map((other) => ({
        rule: "uniqueness",
        because: `${one.timeline.executionId} held ${one.key} from version ${one.from} to ${one.to}, and ${other.timeline.executionId} from version ${other.from} to ${other.to}, at the same time`,
        calls: [one, other].flatMap(({ timeline, from }) => timeline.versions[from]?.call ?? []),
      })),
  );
}

const surelyOverlap = (one: Holding, other: Holding): boolean =>
  Math.max(one.spans.first.surelyFrom, other.spans.first.surelyFrom) <
  Math.min(one.spans.last.surelyTo, other.spans.last.surelyTo);
