import { cloudOf } from "../../../domain/commitment-request/commitment-request.js";
import type { Execution } from "../../../domain/execution.js";
import type { HistoryQuery } from "../../../store-port/execution-store.js";

/** The terms by which an execution is found, each once. They never change. The empty term stands for all executions. */
export function historyTerms({ createdBy, source, plan, lines }: Execution): readonly string[] {
  const ofLines = lines.flatMap(({ request: { account, service } }) => [
    `account/${account}`,
    `provider/${service}`,
    `provider/${cloudOf(service)}`,
  ]);
  const ofExecution = [`creator/${createdBy}`, ...(source === null ? [] : [`source/${source}`])];
  return [...new Set(["", ...ofExecution, ...(plan === null ? [] : [`plan/${plan.id}`]), ...ofLines])];
}

/** The terms that the executions of a query must have. None if the query wants all executions. */
export function wantedTerms({ createdBy, source, planId, account, provider }: HistoryQuery): readonly string[] {
  const wanted = Object.entries({ creator: createdBy, source, plan: planId, account, provider });
  return wanted.flatMap(([kind, value]) => (value === undefined ? [] : [`${kind}/${value}`]));
}
