import { cloudOf } from "../../domain/commitment-request/commitment-request.js";
import type { PurchaseLine } from "../../domain/execution.js";
import type { CommitmentClaim, ExecutionStore } from "../../store-port/execution-store.js";
import { retriedRead } from "../claim/retried-read.js";

/** Commitments that are recorded for other lines, by commitment id. */
export type OtherClaims = ReadonlyMap<string, OtherClaim>;

/** A claim of another line. */
export interface OtherClaim extends CommitmentClaim {
  /** The line in words, such as `line 2 of exec_1`. */
  readonly holder: string;
}

/** A line and the execution that it belongs to. */
export interface LineOwner {
  readonly executionId: string;
  readonly line: Pick<PurchaseLine, "index" | "request">;
}

/** Asks the store which of the given commitments are recorded for another line. */
export async function otherClaims(
  store: ExecutionStore,
  { executionId, line }: LineOwner,
  commitmentIds: readonly string[],
): Promise<OtherClaims> {
  if (commitmentIds.length === 0) return new Map();
  const { service, account } = line.request;
  const claims = await retriedRead(() => store.claims({ cloud: cloudOf(service), account, commitmentIds }));
  const others = claims.filter((claim) => claim.executionId !== executionId || claim.lineIndex !== line.index);
  return new Map(
    others.map((claim) => [
      claim.commitmentId,
      { ...claim, holder: `line ${claim.lineIndex} of ${claim.executionId}` },
    ]),
  );
}
