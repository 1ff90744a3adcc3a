import { cloudOf } from "../../domain/commitment-request/commitment-request.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { isUnsettled } from "../../domain/line-state.js";
import type { CommitmentClaim } from "../../store-port/execution-store.js";

/** The kinds of uniqueness, as a refusal names them. */
export type Uniqueness = "lane" | "lineage" | "commitment";

/** What only one execution, or one of its lines, can hold. */
export type HeldThing =
  /** Being the open execution of a lineage. */
  | { readonly kind: "open"; readonly lineageKey: string }
  /** Being the line of a lane that is submitting or in doubt. */
  | { readonly kind: "lane"; readonly lane: string }
  /** Being the line of this index in a lineage that is submitting, in doubt or committed. */
  | { readonly kind: "line"; readonly lineageKey: string; readonly index: number }
  | { readonly kind: "commitment"; readonly cloud: string; readonly account: string; readonly commitmentId: string };

/** A thing that an execution, or one of its lines, holds. */
export interface Holding {
  readonly thing: HeldThing;
  /** The thing as text. */
  readonly key: string;
  /** The uniqueness that a second holder of the key would break. */
  readonly uniqueness: Uniqueness;
  readonly executionId: string;
  /** The line that holds the key. Absent if the execution holds it. */
  readonly line?: PurchaseLine;
}

interface Claim extends CommitmentClaim {
  readonly cloud: string;
  readonly account: string;
}

/** A thing as text. */
export function keyOf(thing: HeldThing): string {
  switch (thing.kind) {
    case "open":
      return `open ${thing.lineageKey}`;
    case "lane":
      return `lane ${thing.lane}`;
    case "line":
      return `line ${thing.index} ${thing.lineageKey}`;
    case "commitment":
      return `commitment ${JSON.stringify([thing.cloud, thing.account, thing.commitmentId])}`;
  }
}

const ENDED: readonly ExecutionStatus[] = ["completed", "partially_completed", "failed", "canceled", "expired"];

/** Whether an execution is open, so that its lineage can have no other open execution. */
export const isOpen = ({ status }: Execution): boolean => !ENDED.includes(status);

/** The commitment ids that an execution's lines hold, each once. */
export const claimsOf = (execution: Execution): readonly Claim[] =>
  execution.lines.flatMap((line) =>
    commitmentIdsOf(line).map((commitmentId) => ({
      cloud: cloudOf(line.request.service),
      account: line.request.account,
      commitmentId,
      executionId: execution.id,
      lineIndex: line.index,
      byPerson: isByPerson(line),
    })),
  );

const commitmentIdsOf = ({ commitment }: PurchaseLine): readonly string[] =>
  commitment === null ? [] : [...new Set([...commitment.commitmentIds, ...(commitment.formerIds ?? [])])];

/** Whether a line has its commitment by a person's word. */
export const isByPerson = ({ commitment }: PurchaseLine): boolean => commitment?.resolvedBy !== undefined;

/** What an execution and some of its lines hold, in the order in which refusals name it. */
function holdingsOf(execution: Execution, lines: readonly PurchaseLine[]): readonly Holding[] {
  const { id: executionId, lineageKey } = execution;
  const held = (uniqueness: Uniqueness, thing: HeldThing, line?: PurchaseLine): Holding => ({
    ...{ thing, key: keyOf(thing), uniqueness, executionId },
    ...(line !== undefined && { line }),
  });
  const unsettled = lines.filter((line) => isUnsettled(line.state));
  const bought = lines.filter((line) => isUnsettled(line.state) || line.state === "committed");
  return [
    ...(isOpen(execution) ? [held("lineage", { kind: "open", lineageKey })] : []),
    ...unsettled.flatMap((line): Holding[] => {
      const lane = line.prepared?.lane;
      return lane === undefined ? [] : [held("lane", { kind: "lane", lane }, line)];
    }),
    ...bought.map((line) => held("lineage", { kind: "line", lineageKey, index: line.index }, line)),
    ...lines.flatMap((line) => {
      const { account, service } = line.request;
      const cloud = cloudOf(service);
      return commitmentIdsOf(line).map((commitmentId) =>
        held("commitment", { kind: "commitment", cloud, account, commitmentId }, line),
      );
    }),
  ];
}

/** The lines that are not the same in the other version. */
export const changedLines = ({ lines }: Execution, other: Execution | undefined): readonly PurchaseLine[] =>
  lines.filter((line, position) => line !== other?.lines[position]);

/** How a change moves the keys that its execution holds. */
export interface HoldingMove {
  readonly released: readonly Holding[];
  readonly taken: readonly Holding[];
}

/** The keys that an execution as it was releases, and those that it takes as it becomes. Either may be missing. */
export function holdingMove(old: Execution | undefined, next: Execution | undefined): HoldingMove {
  const released = old === undefined ? [] : changedLines(old, next);
  const taken = next === undefined ? [] : changedLines(next, old);
  // Most changes touch neither a line nor whether the execution is open.
  const isSame = old !== undefined && next !== undefined && isOpen(old) === isOpen(next);
  if (isSame && released.length + taken.length === 0) return NOTHING_MOVES;
  return {
    released: old === undefined ? [] : holdingsOf(old, released),
    taken: next === undefined ? [] : holdingsOf(next, taken),
  };
}

const NOTHING_MOVES: HoldingMove = { released: [], taken: [] };

/** The uniqueness that a move breaks, if a key would be held twice. */
export function brokenUniqueness(
  { released, taken }: HoldingMove,
  isHeld: (holding: Holding) => boolean,
): Uniqueness | undefined {
  const free = new Set(released.map(({ key }) => key));
  const seen = new Set<string>();
  return taken.find((holding) => {
    const { key } = holding;
    if (seen.has(key) || (!free.has(key) && isHeld(holding))) return true;
    seen.add(key);
    return false;
  })?.uniqueness;
}
