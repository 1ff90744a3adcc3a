import { cloudOf } from "../../domain/commitment-request/commitment-request.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { isUnsettled } from "../../domain/line-state.js";
import type { CommitmentClaim } from "../../store-port/execution-store.js";

/** The kinds of uniqueness, as a refusal names them. */
export type Uniqueness = "lane" | "lineage" | "commitment";

/** A key that only one execution, or one of its lines, can hold. */
export interface Holding {
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

/** The key of an open execution in its lineage. */
const openKey = (lineageKey: string): string => `open ${lineageKey}`;
/** The key of a lane. */
export const laneKey = (lane: string): string => `lane ${lane}`;
/** The key of a line in its lineage that is submitting, in doubt or committed. */
const lineKey = (lineageKey: string, index: number): string => `line ${index} ${lineageKey}`;
/** The key of a commitment id. */
export const claimKey = (cloud: string, account: string, commitmentId: string): string =>
  `commitment ${JSON.stringify([cloud, account, commitmentId])}`;

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

/** The keys that an execution and some of its lines hold, in the order in which refusals name them. */
export function holdingsOf(execution: Execution, lines: readonly PurchaseLine[]): readonly Holding[] {
  const { id: executionId, lineageKey } = execution;
  const open: Holding = { key: openKey(lineageKey), uniqueness: "lineage", executionId };
  const unsettled = lines.filter((line) => isUnsettled(line.state));
  const bought = lines.filter((line) => isUnsettled(line.state) || line.state === "committed");
  return [
    ...(isOpen(execution) ? [open] : []),
    ...unsettled.flatMap((line): Holding[] => {
      const lane = line.prepared?.lane;
      return lane === undefined ? [] : [{ key: laneKey(lane), uniqueness: "lane", executionId, line }];
    }),
    ...bought.map(
      (line): Holding => ({ key: lineKey(lineageKey, line.index), uniqueness: "lineage", executionId, line }),
    ),
    ...lines.flatMap((line) => {
      const { account, service } = line.request;
      return commitmentIdsOf(line).map(
        (id): Holding => ({
          key: claimKey(cloudOf(service), account, id),
          uniqueness: "commitment",
          executionId,
          line,
        }),
      );
    }),
  ];
}
