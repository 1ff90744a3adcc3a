import type { HistoryQuery } from "../../../store-port/execution-store.js";

/** The sources of executions and their lines: tables, or parts of a statement. */
interface TermSources {
  readonly executions: string;
  readonly lines: string;
}

/** SQL for the terms by which executions are found: `term`, `created_at`, `execution_id`, each once. */
export const historyTerms = ({ executions, lines }: TermSources): string => `
       select '' as term, created_at, id as execution_id from ${executions}
        union
       select 'creator/' || created_by, created_at, id from ${executions}
        union
       select 'source/' || source, created_at, id from ${executions} where source is not null
        union
       select 'plan/' || plan_id, created_at, id from ${executions} where plan_id is not null
        union
       select unnest(array['account/' || l.account, 'provider/' || l.cloud, 'provider/' || l.service]), e.created_at, e.id
         from ${lines} l
         join ${executions} e on e.id = l.execution_id`;

/**
 * The terms that the executions of a query must have. None if the query wants all executions; then the empty term finds
 * them.
 */
export function wantedTerms({ createdBy, source, planId, account, provider }: HistoryQuery): readonly string[] {
  const wanted = Object.entries({ creator: createdBy, source, plan: planId, account, provider });
  return wanted.flatMap(([kind, value]) => (value === undefined ? [] : [`${kind}/${value}`]));
}
