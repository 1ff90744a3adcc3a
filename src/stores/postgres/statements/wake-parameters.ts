import type { ExecutionChange } from "../../../store-port/execution-store.js";
import { timestamp } from "./timestamp.js";

/** When an execution wakes, as three consecutive parameters: the kind, an absolute time, a span in milliseconds. */
export function wakeParameters(wakeAt: ExecutionChange["wakeAt"]): readonly unknown[] {
  if (wakeAt === undefined) return [null, null, null];
  if (wakeAt === null) return ["at", null, null];
  return typeof wakeAt === "number" ? ["at", timestamp(wakeAt), null] : ["in", null, wakeAt.inMs];
}
