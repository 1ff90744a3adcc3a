import { type CommitmentRequest, cloudOf } from "../../domain/commitment-request/commitment-request.js";
import type { Execution } from "../../domain/execution.js";
import type { StoredLimit } from "../../store-port/limits.js";

/** Whether a limit counts a line of an execution: every part that its scope states must match. */
export const countsIn = (
  { scope }: Pick<StoredLimit, "scope">,
  { createdBy, source }: Pick<Execution, "createdBy" | "source">,
  { service, account }: Pick<CommitmentRequest, "service" | "account">,
): boolean =>
  matches(scope.cloud, cloudOf(service)) &&
  matches(scope.service, service) &&
  matches(scope.account, account) &&
  matches(scope.createdBy, createdBy) &&
  matches(scope.source, source);

const matches = (wanted: string | undefined, found: string | null): boolean => wanted === undefined || wanted === found;
