import * as z from "zod";
import type { EpochMs } from "../../domain/clock.js";
import { parseAnswer } from "../parse-answer.js";

/** An order of reservations or of a savings plan, as far as its purchase goes. */
export interface OrderView {
  /** The bare GUID, in lower case. */
  readonly id: string;
  /** The provisioning state, as Azure spells it. */
  readonly state: string;
  readonly startedAt: EpochMs | undefined;
  readonly properties: Readonly<Record<string, unknown>>;
}

const orderBody = z.object({
  name: z.string().min(1),
  properties: z.looseObject({ provisioningState: z.string().min(1) }),
});

/** Reads an order; throws for an answer that is none. */
export function readOrder(body: unknown): OrderView {
  const { name, properties } = parseAnswer(orderBody, body, "order");
  const times = [properties["benefitStartTime"], properties["createdDateTime"], properties["requestDateTime"]];
  const [startedAt] = times.flatMap((time) =>
    typeof time === "string" && !Number.isNaN(Date.parse(time)) ? [Date.parse(time)] : [],
  );
  return { id: bareId(name), state: properties.provisioningState, startedAt, properties };
}

/** The last part of a resource id, which Azure writes in any case and with or without the path before it. */
export const bareId = (id: string): string => id.slice(id.lastIndexOf("/") + 1).toLowerCase();

// Compared without regard to case. In these nothing is owed any more.
const DEAD: ReadonlySet<string> = new Set(["cancelled", "expired", "failed", "billingfailed"]);
// In these the purchase is complete; an order that was split or merged later had been bought.
const FINISHED: ReadonlySet<string> = new Set(["succeeded", "split", "merged"]);

/** Whether an order exists: money has moved or will move for it. A state that is not known counts as that. */
export const isLive = ({ state }: OrderView): boolean => !DEAD.has(state.toLowerCase());

/** Whether Azure has finished an order; recordings show more states on the way than the API's types list. */
export const isFinished = ({ state }: OrderView): boolean => FINISHED.has(state.toLowerCase());

/** States by which Azure says that a purchase failed, and nothing of it came to be. */
export const hasFailed = ({ state }: OrderView): boolean => ["failed", "billingfailed"].includes(state.toLowerCase());
