import type { Recommendation } from "../../../domain/recommendation.js";
import { storableText } from "../../../domain/text.js";
import { positionOf } from "../../../store-port/recommendation-position.js";
import type { PlacedRecommendation, RecommendationStore } from "../../../store-port/recommendation-store.js";
import type { Database } from "../database.js";
import { epochMs } from "./epoch-ms.js";
import { heldCollection, WAS_HELD } from "./held-collection.js";
import { jsonText, storableTextOrNull } from "./json-text.js";

/** Stores recommendations by their natural keys, in one statement that compares the mark. */
export function putRecommendations({ schema, statement }: Database): RecommendationStore["put"] {
  const run = statement(
    "put_recommendations",
    `with ${heldCollection(schema)},
     given as (
       select * from json_to_recordset($5::text::json) as given (key text, position text, account text, service text, content json)
     ), kept as (
       insert into ${schema}.recommendations
              (scope, key, position, source, asked_account, account, service, content, put_by, collected_at)
       select held.scope, g.key, g.position, $3, $4, g.account, g.service, g.content, $2, held.started_at
         from held, given g
        order by g.key
       on conflict (scope, key) do update
          set position = excluded.position, source = excluded.source, asked_account = excluded.asked_account,
              account = excluded.account, service = excluded.service, content = excluded.content,
              put_by = excluded.put_by, collected_at = excluded.collected_at
     )
     ${WAS_HELD}`,
  );
  return async ({ scope, owner, source, askedAccount }, recommendations) => {
    // One statement must not write a row twice.
    const byKey = new Map(recommendations.map((content) => [content.key, content]));
    const given = [...byKey.values()].map((content) => ({
      key: content.key,
      position: positionOf(content),
      account: content.account,
      service: content.service,
      content,
    }));
    const texts = [scope, owner, source, askedAccount].map(storableText);
    return (await run([...texts, jsonText(given)])).length > 0;
  };
}

/** Reads stored recommendations in the order of their positions. */
export function listRecommendations({ schema, unnamed }: Database): RecommendationStore["list"] {
  const run = unnamed(
    `select position, content::text as content, ${epochMs("collected_at")}::text as collected_at,
            greatest(0, extract(epoch from statement_timestamp() - collected_at) * 1000)::text as age
       from ${schema}.recommendations
      where scope = $1 and position > $2 and ($3::text[] is null or source = any ($3))
        and ($4::text is null or service = $4) and ($5::text is null or account = $5)
      order by position
      limit $6`,
  );
  return async ({ scope, sources, service, account, after = "", limit }) => {
    const rows = await run([
      storableText(scope),
      storableText(after),
      sources?.map(storableText) ?? null,
      storableTextOrNull(service),
      storableTextOrNull(account),
      limit,
    ]);
    return rows.map(
      (row): PlacedRecommendation => ({
        position: String(row["position"]),
        ageMs: Number(row["age"]),
        recommendation: {
          ...(JSON.parse(String(row["content"])) as Recommendation),
          collectedAt: Number(row["collected_at"]),
        },
      }),
    );
  };
}
