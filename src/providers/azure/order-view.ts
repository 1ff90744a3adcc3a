import * as z from "zod/mini";
import type { EpochMs } from "../../domain/clock.js";
import { parseAnswer } from "../parse-answer.js";

/** An order of reservations or of a savings plan, as far as its purchase goes. */
export interface OrderView {
  /** The bare GUID, in lower case. */
  readonly id: string;
  /** The provisioning state, as Azure spells it; absent where it states none. */
  readonly state: string | undefined;
  readonly startedAt: EpochMs | undefined;
  /** When its term ends, where Azure says so. */
  readonly endsAt: EpochMs | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
}

const orderBody = z.object({
  id: z.nullish(z.string()),
  name: z.nullish(z.string()),
  properties: z.nullish(z.looseObject({ provisioningState: z.nullish(z.string()) })),
});

/** Reads an order; throws for an answer that is no order. */
export function readOrder(body: unknown): OrderView {
  const { id, name, ...read } = parseAnswer(orderBody, body, "order");
  const properties = read.properties ?? {};
  const stated = bareId(name || id || "");
  if (stated === "") throw new Error("the answer is an order without an id");
  return {
    id: stated,
    state: properties.provisioningState || undefined,
    startedAt: firstTime(properties, ["benefitStartTime", "createdDateTime", "requestDateTime"]),
    endsAt: firstTime(properties, ["expiryDateTime", "expiryDate"]),
    properties,
  };
}

function firstTime(properties: OrderView["properties"], names: readonly string[]): EpochMs | undefined {
  const texts = names.map((name) => properties[name]).filter((value) => typeof value === "string");
  return texts.map((text) => Date.parse(text)).find((time) => !Number.isNaN(time));
}

/** The last part of a resource id, which Azure writes in any case and with or without the path before it. */
export const bareId = (id: string): string => id.slice(id.lastIndexOf("/") + 1).toLowerCase();
