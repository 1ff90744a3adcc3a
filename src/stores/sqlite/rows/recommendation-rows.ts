import type { Recommendation, StoredRecommendation } from "../../../domain/recommendation.js";
import { storableText } from "../../../domain/text.js";
import { positionOf } from "../../../store-port/recommendation-position.js";
import type {
  AccountSweep,
  PlacedRecommendation,
  RecommendationQuery,
  SourceError,
  SourceFreshness,
  SourceSweep,
} from "../../../store-port/recommendation-store.js";
import type { Connection } from "../database/connection.js";
import type { SqliteValue } from "../database/sqlite-database.js";
import { decodeJson, encodeJson, numberOrNull } from "./json-column.js";

/** Stores a recommendation in place of the one with the same key. */
export function putRecommendation(
  connection: Connection,
  { scope, owner }: AccountSweep,
  given: Recommendation,
  collectedAt: number,
): void {
  const { key, source, askedAccount, account, service } = given;
  connection.run(
    `insert or replace into buyonce_recommendations
            (scope, key, position, source, asked_account, account, service, content, put_by, collected_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[scope, key, positionOf(given), source, askedAccount, account, service],
    ...[encodeJson({ ...given, collectedAt }), owner, collectedAt],
  );
}

/** Removes what a run did not put, of an account or of the whole source. */
export function removeOthers(
  connection: Connection,
  { scope, source, owner }: SourceSweep,
  askedAccount: string | null = null,
): void {
  connection.run(
    `delete from buyonce_recommendations
      where scope = ? and source = ? and (? is null or asked_account = ?) and put_by <> ?`,
    ...[scope, source, askedAccount, askedAccount, owner],
  );
}

/** Keeps that a source succeeded. */
export function keepSuccess(connection: Connection, { scope, source }: SourceSweep, now: number): void {
  connection.run(
    `insert into buyonce_recommendation_sources (scope, source, succeeded_at) values (?, ?, ?)
     on conflict (scope, source) do update set succeeded_at = excluded.succeeded_at, error = null`,
    ...[scope, source, now],
  );
}

/** Keeps the error of a source. */
export function keepError(
  connection: Connection,
  { scope, source }: SourceSweep,
  { message, failures }: SourceError,
  now: number,
): void {
  connection.run(
    `insert into buyonce_recommendation_sources (scope, source, error) values (?, ?, ?)
     on conflict (scope, source) do update set error = excluded.error`,
    ...[scope, source, encodeJson({ message: storableText(message), failures, at: now })],
  );
}

/** Reads recommendations in the order of their positions. */
export function readRecommendations(
  connection: Connection,
  { scope, sources, service, account, after = "", limit }: RecommendationQuery,
  now: number,
): readonly PlacedRecommendation[] {
  const filters: readonly (readonly [sql: string, value: SqliteValue | undefined])[] = [
    ["account = ?", account],
    ["service = ?", service],
    ["source in (select value from json_each(?))", sources && JSON.stringify(sources)],
  ];
  const stated = filters.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
  return connection
    .all(
      `select position, content, collected_at
         from buyonce_recommendations
        where scope = ? and position > ?${stated.map(({ sql }) => ` and ${sql}`).join("")}
        order by position
        limit ?`,
      ...[scope, after, ...stated.map(({ value }) => value), limit],
    )
    .map((row) => ({
      position: String(row["position"]),
      ageMs: Math.max(0, now - Number(row["collected_at"])),
      recommendation: decodeJson<StoredRecommendation>(row["content"]),
    }));
}

/** Reads how fresh each source is. */
export const readFreshness = (connection: Connection, scope: string): readonly SourceFreshness[] =>
  connection.all("select * from buyonce_recommendation_sources where scope = ? order by source", scope).map((row) => ({
    source: String(row["source"]),
    succeededAt: numberOrNull(row["succeeded_at"]),
    error: decodeJson(row["error"]),
  }));
