import * as z from "zod/mini";
import type { AzureReservationsRequest } from "../../../domain/commitment-request/azure-reservations.js";
import { parseAnswer } from "../../parse-answer.js";
import { appliedScope } from "../applied-scope.js";
import { accountDifference, aliasPlan, difference } from "../existing-order.js";
import { bareId } from "../order-view.js";
import { TERMS } from "../spelling.js";

const aliasAnswer = z.object({
  sku: z.nullish(z.object({ name: z.nullish(z.string()) })),
  location: z.nullish(z.string()),
  properties: z.looseObject({ reservationOrderId: z.string().check(z.minLength(1)) }),
});

/** Reads an alias: its order, and how the alias differs from a line. */
export function readAlias(body: unknown, request: AzureReservationsRequest) {
  const alias = parseAnswer(aliasAnswer, body, "order alias");
  return { orderId: bareId(alias.properties.reservationOrderId), differences: [...differences(alias, request)] };
}

function* differences({ sku, location, properties }: z.infer<typeof aliasAnswer>, request: AzureReservationsRequest) {
  yield* difference("sku", request.sku, sku?.name);
  yield* difference("region", request.region, location);
  yield* difference("reservedResourceType", request.reservedResourceType, properties["reservedResourceType"]);
  yield* difference("quantity", request.quantity, properties["quantity"]);
  yield* difference("term", TERMS[request.term], properties["term"]);
  const plan = request.payment === "no_upfront" ? "P1M" : undefined;
  yield* difference("billingPlan", plan, aliasPlan(properties["billingPlan"]));
  yield* accountDifference(request, properties["billingScopeId"]);
  yield* difference("scope", appliedScope(request.scope).appliedScopeType, properties["appliedScopeType"]);
}
