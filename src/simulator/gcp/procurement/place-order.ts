import * as z from "zod/mini";
import { knownGcpOffer } from "../../../domain/commitment-request/gcp-offers.js";
import { effectOf } from "../../call-effects.js";
import { deterministicId } from "../../deterministic-id.js";
import { SimulatedError } from "../../simulated-error.js";
import { StateHistory } from "../../state-history.js";
import { type GcpCall, type GcpOperation, readParams } from "../gcp-service.js";
import type { GcpWorld } from "../gcp-world.js";
import { statusRefusals } from "../status-errors.js";
import { operationJson } from "./order-operations.js";
import type { Orders } from "./orders.js";
import { type LineItemInfo, lineItemInfoSchema, type OrderFailure, type PlacedOrder } from "./placed-order.js";

const input = z.object({
  displayName: z.string().check(z.minLength(1)),
  requestId: z.optional(z.guid("must be a UUID")),
  lineItemInfo: z.array(lineItemInfoSchema).check(z.minLength(1), z.maxLength(1, "must be one line item")),
});

type Asked = z.infer<typeof input>;

/** Places an order, once for each request id for as long as the id is remembered. */
export function placeOrder(world: GcpWorld, orders: Orders): GcpOperation {
  return {
    permission: "consumerprocurement.orders.place",
    run(params, call) {
      const asked = readParams(input, params, statusRefusals);
      const { requestId } = asked;
      const original = requestId && orders.rememberedUnder(call.project, requestId, call.now);
      if (original) return repeated(world, original, call);
      const order = placed(world, asked, call);
      orders.add(order);
      return operationJson(order, order.operationId, Math.min(call.now, order.doneAt - 1));
    },
  };
}

function repeated({ settings }: GcpWorld, original: PlacedOrder, { now }: GcpCall): object {
  if (settings.repeatedOrderAnswer === "original-operation") return operationJson(original, original.operationId, now);
  throw new SimulatedError("ALREADY_EXISTS", 409, "An order with this request id exists already.");
}

function placed({ settings, nextNumber }: GcpWorld, { requestId, displayName, lineItemInfo }: Asked, call: GcpCall) {
  const [info] = lineItemInfo;
  if (info === undefined) throw statusRefusals.invalidInput({ field: "line_item_info", value: undefined, message: "" });
  checkInfo(info);
  checkModel(info, settings.cudModel);
  const number = nextNumber();
  const order: PlacedOrder = {
    number,
    orderId: deterministicId(`order:${number}`),
    operationId: deterministicId(`order operation:${number}`),
    account: call.project,
    requestId,
    displayName,
    info,
    placedAt: call.now,
    doneAt: call.now + settings.operationMs,
    failure: failureOf(call),
    states: new StateHistory(),
    renewals: [],
  };
  if (settings.ordersRenew) order.renewals.push({ at: call.now, isOn: true, operationId: "" });
  return order;
}

/** Both parameters of a commitment must be there. What amounts a product takes is not known here. */
function checkInfo({ parameters }: LineItemInfo): void {
  const values = new Map(parameters.map(({ name, value }) => [name, value]));
  const unknown = parameters.find(({ name }) => name !== "hourly_commit" && name !== "region");
  if (unknown !== undefined || values.size < parameters.length)
    throw invalid("parameters", unknown?.name ?? "a parameter twice");
  const { doubleValue, int64Value } = values.get("hourly_commit") ?? {};
  if (!(Number(doubleValue ?? int64Value) > 0)) throw invalid("hourly_commit", doubleValue ?? int64Value);
  const region = values.get("region")?.stringValue;
  if (!region) throw invalid("region", region);
}

const invalid = (field: string, value: unknown) =>
  statusRefusals.invalidInput({ field, value, message: `${String(value)} is not valid` });

/** Refuses an offer that is for billing accounts of the other model. An offer that is not known is sold to everybody. */
function checkModel({ offer }: LineItemInfo, model: "before" | "after"): void {
  const wanted = knownGcpOffer(offer)?.model ?? model;
  if (wanted !== model) throw new SimulatedError("FAILED_PRECONDITION", 400, "Precondition check failed.");
}

function failureOf(call: GcpCall): OrderFailure | undefined {
  const fault = effectOf(call, "operation-fails");
  return fault && { status: fault.code, message: fault.message ?? fault.code };
}
