import type {
  CollectionFinish,
  CollectionMark,
  CollectionStart,
  CollectionState,
  StartedCollection,
} from "../../../store-port/collection-lock.js";
import type { Connection, Row } from "../database/connection.js";
import { numberOrNull } from "./json-column.js";

/** Marks a scope as running, unless it has a mark that has not run out. */
export function startCollection(
  connection: Connection,
  { scope, owner, ttlMs }: CollectionStart,
  now: number,
): StartedCollection {
  const row = readScope(connection, scope);
  const running = row && markOf(row);
  if (running && running.expiresAt > now) return { kind: "running", ...running };
  connection.run(
    `insert into buyonce_collections (scope, owner, started_at, expires_at) values (?, ?, ?, ?)
     on conflict (scope) do update
        set owner = excluded.owner, started_at = excluded.started_at, expires_at = excluded.expires_at`,
    ...[scope, owner, now, now + ttlMs],
  );
  return { kind: "started", startedAt: now, lastCollectedAt: numberOrNull(row?.["last_collected_at"] ?? null) };
}

/** Lets a mark run out `ttlMs` from now, under this name or another one. */
export function renewCollection(
  connection: Connection,
  { scope, ttlMs, to }: CollectionStart & { readonly to: string },
  now: number,
): void {
  connection.run("update buyonce_collections set owner = ?, expires_at = ? where scope = ?", to, now + ttlMs, scope);
}

/** Clears a mark. */
export function finishCollection(connection: Connection, { scope, outcome }: CollectionFinish, now: number): void {
  connection.run(
    `update buyonce_collections
        set owner = null, started_at = null, expires_at = null,
            last_collected_at = iif(?, ?, last_collected_at), last_finished_at = iif(?, ?, last_finished_at)
      where scope = ?`,
    ...[outcome === "collected" ? 1 : 0, now, outcome === "not_started" ? 0 : 1, now, scope],
  );
}

/** The mark of a scope, if this owner has it. */
export function markOfOwner(connection: Connection, scope: string, owner: string): CollectionMark | undefined {
  const row = readScope(connection, scope);
  const mark = row && markOf(row);
  return mark?.owner === owner ? mark : undefined;
}

/** Reads what is known of a scope. */
export function readCollection(connection: Connection, scope: string): CollectionState {
  const row = readScope(connection, scope);
  if (row === undefined) return { running: null, lastCollectedAt: null, lastFinishedAt: null };
  return {
    running: markOf(row) ?? null,
    lastCollectedAt: numberOrNull(row["last_collected_at"]),
    lastFinishedAt: numberOrNull(row["last_finished_at"]),
  };
}

const readScope = (connection: Connection, scope: string): Row | undefined =>
  connection.get("select * from buyonce_collections where scope = ?", scope);

const markOf = (row: Row): CollectionMark | undefined =>
  row["owner"] === null
    ? undefined
    : { owner: String(row["owner"]), startedAt: Number(row["started_at"]), expiresAt: Number(row["expires_at"]) };
