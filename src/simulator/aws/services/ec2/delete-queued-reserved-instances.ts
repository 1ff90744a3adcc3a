import * as z from "zod/mini";
import { type AwsCall, type AwsOperation, operation } from "../../aws-service.js";
import { ec2Query, endDryRun } from "../../protocol/ec2-query.js";
import { truthValue } from "../../protocol/query-text.js";
import { type ReservedInstances, type ReservedInstancesShelf, reservedInstancesState } from "./reserved-instances.js";

const input = z.object({
  ReservedInstancesId: z.array(z.string()).check(z.minLength(1), z.maxLength(100)),
  DryRun: z.optional(truthValue),
});

interface Verdict {
  readonly id: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Deletes queued purchases; each id has its own result, and one bad id does not stop the others. */
export function deleteQueuedReservedInstances(shelf: ReservedInstancesShelf): AwsOperation {
  return operation(ec2Query, input, ({ ReservedInstancesId, DryRun }, call) => {
    endDryRun(DryRun);
    const listed = shelf.listed(call, call.now);
    const verdicts = ReservedInstancesId.map((id) => tryDelete(id, listed, call));
    const failed = verdicts.filter((verdict) => verdict.error !== undefined);
    const successful = verdicts.filter((verdict) => verdict.error === undefined);
    return {
      successfulQueuedPurchaseDeletionSet: { item: successful.map(({ id }) => ({ reservedInstancesId: id })) },
      failedQueuedPurchaseDeletionSet: { item: failed.map(({ id, error }) => ({ reservedInstancesId: id, error })) },
    };
  });
}

function tryDelete(id: string, listed: readonly ReservedInstances[], { now }: AwsCall): Verdict {
  const record = listed.find((candidate) => candidate.id === id);
  if (record === undefined) return refuse(id, "reserved-instances-id-invalid", "The ID is not valid");
  if (reservedInstancesState(record, now) !== "queued") {
    return refuse(id, "reserved-instances-not-in-queued-state", "The purchase is not queued");
  }
  record.deletedAt = now;
  return { id };
}

function refuse(id: string, code: string, message: string): Verdict {
  return { id, error: { code, message } };
}
