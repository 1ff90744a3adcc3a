import Big from "big.js";
import type { Execution } from "../../domain/execution.js";
import type { LimitSet, StoredLimit } from "../../store-port/limits.js";
import { countsIn } from "./counts-in.js";

/** Whether a set of limits lets an execution spend more than the set before: a limit that counts it is larger or gone. */
export const raises = (before: LimitSet, next: LimitSet, execution: Execution): boolean =>
  before.limits.some((limit) => counts(limit, execution) && !next.limits.some((other) => isAsStrict(other, limit)));

const counts = (limit: StoredLimit, execution: Execution): boolean =>
  execution.lines.some(({ request }) => countsIn(limit, execution, request));

/** Whether a limit goes on with the count of another one and allows no more. */
const isAsStrict = (limit: StoredLimit, other: StoredLimit): boolean =>
  limit.countKey === other.countKey && new Big(limit.max.amount).lte(other.max.amount);
