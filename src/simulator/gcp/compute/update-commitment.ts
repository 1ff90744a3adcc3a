import * as z from "zod/mini";
import { type GcpCall, type GcpOperation, readParams } from "../gcp-service.js";
import type { GcpWorld } from "../gcp-world.js";
import {
  type CommitmentChange,
  type CommitmentInsert,
  type CommitmentUpdate,
  commitmentPath,
  commitmentStatus,
  operationJson,
  operationState,
  resourceAt,
} from "./commitment-insert.js";
import { PLAN_MONTHS } from "./commitment-resource.js";
import { computeRefusals, notFound } from "./compute-errors.js";
import { failureOf, operationIds, refuseEarlyEnd, requestIdSchema } from "./insert-commitment.js";
import type { Inserts } from "./inserts.js";
import { nextMidnight } from "./pacific-time.js";

const CHANGEABLE = ["autoRenew", "plan", "customEndTimestamp"] as const;

const input = z.object({
  commitment: z.string(),
  requestId: requestIdSchema,
  updateMask: z.optional(z.string()),
  paths: z.optional(z.string()),
  autoRenew: z.optional(z.boolean()),
  plan: z.optional(z.enum(["TWELVE_MONTH", "THIRTY_SIX_MONTH"])),
  customEndTimestamp: z.optional(z.iso.datetime({ offset: true, message: "Must be a time in RFC 3339" })),
});

type Asked = z.infer<typeof input>;

/**
 * Changes a commitment: whether it renews itself, to a longer plan, or to a later end. Nothing else can be changed.
 *
 * A new plan or end counts from the next midnight UTC-8 on.
 */
export function updateCommitment(world: GcpWorld, inserts: Inserts): GcpOperation {
  return {
    permission: "compute.commitments.update",
    run(params, call) {
      const asked = readParams(input, params, computeRefusals);
      const original = asked.requestId === undefined ? undefined : inserts.updatedUnder(call, asked.requestId);
      if (original !== undefined)
        return operationJson(original.insert, original.operation, operationState(original.operation, call.now));
      const insert = inserts.shown(call, call.now).find(({ resource }) => resource.name === asked.commitment);
      if (insert === undefined) throw notFound(commitmentPath(call, asked.commitment));
      const update = updateOf(insert, asked, { call, world });
      insert.updates.push(update);
      return operationJson(insert, update, "RUNNING");
    },
  };
}

interface Surroundings {
  readonly call: GcpCall;
  readonly world: GcpWorld;
}

function updateOf(insert: CommitmentInsert, asked: Asked, { call, world }: Surroundings): CommitmentUpdate {
  const change = changeOf(asked);
  checkChange(insert, change, call.now);
  const doneAt = call.now + world.settings.operationMs;
  const isLater = change.plan !== undefined || change.customEndTimestamp !== undefined;
  return {
    operationType: "update",
    ...operationIds(world.nextNumber(), call),
    user: call.principal,
    requestId: asked.requestId,
    insertedAt: call.now,
    doneAt,
    failure: failureOf(call),
    change,
    effectiveAt: isLater ? nextMidnight(doneAt) : doneAt,
  };
}

/** The fields of the mask, or else those that the body has. */
function changeOf({ updateMask, paths, ...body }: Asked): CommitmentChange {
  const mask = [updateMask, paths].flatMap((text) => text?.split(",") ?? []).map((name) => camelCased(name.trim()));
  const named = mask.length > 0 ? mask : CHANGEABLE.filter((name) => body[name] !== undefined);
  const other = named.find((name) => !CHANGEABLE.some((changeable) => changeable === name));
  if (other !== undefined || named.length === 0)
    throw invalid("updateMask", other ?? "", "Must name autoRenew, plan or customEndTimestamp");
  return Object.fromEntries(CHANGEABLE.filter((name) => named.includes(name)).map((name) => [name, body[name]]));
}

function checkChange(insert: CommitmentInsert, change: CommitmentChange, now: number): void {
  const status = commitmentStatus(insert, now);
  if (status === "EXPIRED" || status === "CANCELLED")
    throw invalid("commitment", insert.resource.name, `The commitment is ${status}`);
  const current = resourceAt(insert, now);
  if (change.plan !== undefined && PLAN_MONTHS[change.plan] < PLAN_MONTHS[current.plan])
    throw invalid("plan", change.plan, "A plan can be made longer only");
  refuseEarlyEnd({ plan: current.plan, ...change }, insert.startsAt);
}

const invalid = (field: string, value: unknown, message: string) =>
  computeRefusals.invalidInput({ field: `resource.${field}`, value, message });

const camelCased = (name: string): string =>
  name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
