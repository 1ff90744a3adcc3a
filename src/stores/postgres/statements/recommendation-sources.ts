import { storableText } from "../../../domain/text.js";
import type { RecommendationStore, SourceFreshness } from "../../../store-port/recommendation-store.js";
import type { Database } from "../database.js";
import { epochMs } from "./epoch-ms.js";
import { heldCollection, WAS_HELD } from "./held-collection.js";
import { jsonText } from "./json-text.js";

/** Removes what a complete sweep of an account did not put. */
export function completeAccount({ schema, statement }: Database): RecommendationStore["completeAccount"] {
  const run = statement(
    "complete_account",
    `with ${heldCollection(schema)},
     gone as (
       delete from ${schema}.recommendations r using held
        where r.scope = held.scope and r.source = $3 and r.asked_account = $4 and r.put_by <> $2
     )
     ${WAS_HELD}`,
  );
  return async ({ scope, owner, source, askedAccount }) =>
    (await run([scope, owner, source, askedAccount].map(storableText))).length > 0;
}

/** Removes what a complete sweep of a source did not put, and moves its freshness. */
export function completeSource({ schema, statement }: Database): RecommendationStore["completeSource"] {
  const run = statement(
    "complete_source",
    `with ${heldCollection(schema)},
     gone as (
       delete from ${schema}.recommendations r using held
        where r.scope = held.scope and r.source = $3 and r.put_by <> $2
     ), fresh as (
       insert into ${schema}.recommendation_sources (scope, source, succeeded_at)
       select held.scope, $3, clock_timestamp() from held
       on conflict (scope, source) do update set succeeded_at = excluded.succeeded_at, error = null
     )
     ${WAS_HELD}`,
  );
  return async ({ scope, owner, source }) => (await run([scope, owner, source].map(storableText))).length > 0;
}

/** Keeps the error of a source. The time of its last success stays. */
export function failSource({ schema, statement }: Database): RecommendationStore["failSource"] {
  const run = statement(
    "fail_source",
    `with ${heldCollection(schema)},
     failed as (
       insert into ${schema}.recommendation_sources (scope, source, error)
       select held.scope, $3, $4::text::jsonb || jsonb_build_object('at', ${epochMs("clock_timestamp()")}) from held
       on conflict (scope, source) do update set error = excluded.error
     )
     ${WAS_HELD}`,
  );
  return async ({ scope, owner, source }, { message, failures }) =>
    (await run([...[scope, owner, source].map(storableText), jsonText({ message, failures })])).length > 0;
}

/** Reads how fresh each source is. */
export function sourceFreshness({ schema, statement }: Database): RecommendationStore["freshness"] {
  const run = statement(
    "source_freshness",
    `select source, ${epochMs("succeeded_at")}::text as succeeded_at, error::text as error
       from ${schema}.recommendation_sources where scope = $1 order by source`,
  );
  return async (scope) =>
    (await run([storableText(scope)])).map(
      (row): SourceFreshness => ({
        source: String(row["source"]),
        succeededAt: row["succeeded_at"] === null ? null : Number(row["succeeded_at"]),
        error: row["error"] === null ? null : (JSON.parse(String(row["error"])) as SourceFreshness["error"]),
      }),
    );
}
