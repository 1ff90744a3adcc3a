import { cloudOf } from "../../domain/commitment-request/commitment-request.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import type { ExecutionStatus } from "../../domain/execution-status.js";
import { isUnsettled } from "../../domain/line-state.js";
import type { CommitmentClaim, LineRef } from "../../store-port/execution-store.js";
import type { MemoryRecord } from "./memory-record.js";

interface Claim extends CommitmentClaim {
  readonly cloud: string;
  readonly account: string;
}

/** The commitment ids that an execution's lines hold, each once. */
export const claimsOf = (execution: Execution): readonly Claim[] =>
  execution.lines.flatMap((line) =>
    [...new Set([...(line.commitment?.commitmentIds ?? []), ...(line.commitment?.formerIds ?? [])])].map(
      (commitmentId) => ({
        cloud: cloudOf(line.request.service),
        account: line.request.account,
        commitmentId,
        executionId: execution.id,
        lineIndex: line.index,
        byPerson: line.commitment?.resolvedBy !== undefined,
      }),
    ),
  );

/** The line that is submitting or in doubt in a lane. */
export function laneHolder(records: readonly MemoryRecord[], lane: string): LineRef | undefined {
  for (const { execution } of records)
    for (const line of execution.lines)
      if (laneOf(line) === lane) return { executionId: execution.id, lineIndex: line.index };
  return undefined;
}

const laneOf = (line: PurchaseLine): string | undefined => (isUnsettled(line.state) ? line.prepared?.lane : undefined);
const lineageOf = (execution: Execution, line: PurchaseLine): string | undefined =>
  isUnsettled(line.state) || line.state === "committed"
    ? JSON.stringify([execution.lineageKey, line.index])
    : undefined;

const ENDED: readonly ExecutionStatus[] = ["completed", "partially_completed", "failed", "canceled", "expired"];

/** Whether an execution still stands in the way of another one of its lineage. */
export const isOpen = ({ status }: Execution): boolean => !ENDED.includes(status);

/** Which uniqueness the candidate would break among the other records, itself included. */
export function uniquenessBroken(
  candidate: Execution,
  records: readonly MemoryRecord[],
): "lane" | "lineage" | "commitment" | undefined {
  const others = records.map(({ execution }) => execution).filter(({ id }) => id !== candidate.id);
  const executions = [...others, candidate];
  if (hasTwice(executions.filter(isOpen).map(({ lineageKey }) => lineageKey))) return "lineage";
  if (hasTwice(executions.flatMap((one) => one.lines.map(laneOf)))) return "lane";
  if (hasTwice(executions.flatMap((one) => one.lines.map((line) => lineageOf(one, line))))) return "lineage";
  const ids = executions
    .flatMap(claimsOf)
    .map((claim) => JSON.stringify([claim.cloud, claim.account, claim.commitmentId]));
  return hasTwice(ids) ? "commitment" : undefined;
}

function hasTwice(values: readonly (string | undefined)[]): boolean {
  const present = values.filter((value) => value !== undefined);
  return new Set(present).size < present.length;
}
