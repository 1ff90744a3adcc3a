import { isDeepStrictEqual } from "node:util";
import * as z from "zod/mini";
import { effectOf } from "../../call-effects.js";
import { deterministicId } from "../../deterministic-id.js";
import { StateHistory } from "../../state-history.js";
import { type GcpCall, type GcpOperation, readParams } from "../gcp-service.js";
import type { GcpWorld } from "../gcp-world.js";
import {
  type CommitmentInsert,
  commitmentPath,
  type InsertFailure,
  operationJson,
  operationState,
} from "./commitment-insert.js";
import { type CommitmentResource, commitmentResourceSchema, PLAN_MONTHS } from "./commitment-resource.js";
import { alreadyExists, computeRefusals } from "./compute-errors.js";
import type { Inserts } from "./inserts.js";
import { monthsLater, nextMidnight } from "./pacific-time.js";
import { mergedEnd, sourcesOf, takeFrom } from "./redistribution.js";

const ZERO_UUID = /^[0-]+$/;

/** An optional request id, by the rules of Compute Engine. */
export const requestIdSchema = z.optional(
  z.guid("Must be a valid UUID").check(z.refine((id) => !ZERO_UUID.test(id), "The zero UUID is not supported")),
);

interface Request {
  readonly requestId?: string | undefined;
  readonly resource: CommitmentResource;
}

interface Shop {
  readonly world: GcpWorld;
  readonly inserts: Inserts;
}

/** Buys a commitment, once for each request id for as long as the id is remembered, and once for each name for ever. */
export function insertCommitment(world: GcpWorld, inserts: Inserts): GcpOperation {
  const input = z.object({ requestId: requestIdSchema, resource: commitmentResourceSchema(world.settings) });
  return {
    permission: "compute.commitments.create",
    run({ requestId, project: _project, region: _region, ...resource }, call) {
      const request = readParams(input, { requestId, resource }, computeRefusals);
      const original = replayed(request, call, { world, inserts });
      if (original !== undefined) return operationJson(original, original, operationState(original, call.now));
      const insert = buy(request, call, { world, inserts });
      return operationJson(insert, insert, "RUNNING");
    },
  };
}

/** The insert that this request id made, if it is still remembered. */
function replayed({ requestId, resource }: Request, call: GcpCall, { world, inserts }: Shop) {
  const original = requestId === undefined ? undefined : inserts.rememberedUnder(call, requestId);
  if (original === undefined || world.settings.changedRequestUnderId === "return-original") return original;
  if (isDeepStrictEqual(original.resource, resource)) return original;
  const message = "The request id was used before for another request";
  throw computeRefusals.invalidInput({ field: "requestId", value: requestId, message });
}

function buy({ requestId, resource }: Request, call: GcpCall, { world, inserts }: Shop): CommitmentInsert {
  if (inserts.isTaken(call, resource.name)) throw alreadyExists(commitmentPath(call, resource.name));
  const doneAt = call.now + world.settings.operationMs;
  const startsAt = world.settings.activation === "at-once" ? doneAt : nextMidnight(doneAt);
  refuseEarlyEnd(resource, startsAt);
  const sources = sourcesOf(resource, call, inserts);
  const number = world.nextNumber();
  const insert: CommitmentInsert = {
    operationType: "insert",
    ...operationIds(number, call),
    commitmentId: String(2_000_000_000_000_000_000n + BigInt(number)),
    project: call.project,
    region: call.region,
    user: call.principal,
    requestId,
    resource,
    insertedAt: call.now,
    doneAt,
    startsAt,
    endsAt: mergedEnd(sources, call.now),
    failure: failureOf(call),
    states: new StateHistory(),
    givenAway: [],
    updates: [],
  };
  inserts.add(insert);
  if (insert.failure === undefined) takeFrom(sources, insert);
  return insert;
}

/** The id and the name of an operation. */
export function operationIds(number: number, { now }: GcpCall) {
  const [suffix] = deterministicId(`operation:${number}`).split("-");
  return {
    operationId: String(1_000_000_000_000_000_000n + BigInt(number)),
    operationName: `operation-${now}-${suffix}`,
  };
}

/** Refuses an end of the term that is earlier than that of the plan. */
export function refuseEarlyEnd(
  { customEndTimestamp, plan }: Pick<CommitmentResource, "customEndTimestamp" | "plan">,
  startsAt: number,
): void {
  if (customEndTimestamp === undefined) return;
  if (Date.parse(customEndTimestamp) >= monthsLater(startsAt, PLAN_MONTHS[plan])) return;
  const message = "Must not be earlier than the end of the plan";
  throw computeRefusals.invalidInput({ field: "resource.customEndTimestamp", value: customEndTimestamp, message });
}

/** How the operation of a call fails, if a fault says so. */
export function failureOf(call: GcpCall): InsertFailure | undefined {
  const fault = effectOf(call, "operation-fails");
  return fault && { code: fault.code, message: fault.message ?? fault.code, httpStatus: fault.status ?? 403 };
}
