import { storableText } from "../../../domain/text.js";
import type { ExecutionStore, Freeze, LiftedFreeze } from "../../../store-port/execution-store.js";
import type { Database } from "../database.js";
import { epochMs } from "./epoch-ms.js";
import { jsonText } from "./json-text.js";
import { timestamp } from "./timestamp.js";

/**
 * Freezes a scope, and lifts it, in one statement each.
 *
 * The active freezes are the content of one row, which every write-ahead locks. So a freeze waits for the write-aheads
 * under way, and those that come later see it. The table keeps all freezes with who lifted them.
 */
export function freezeScope({ schema, statement }: Database): ExecutionStore["freeze"] {
  const run = statement(
    "freeze",
    `with given as (
       select $1::text::jsonb || jsonb_build_object('frozenAt', ${epochMs("clock_timestamp()")}) as entry
     ), gate as (
       update ${schema}.guards g set content = g.content || given.entry from given where g.key = 'freezes'
       returning given.entry
     ), kept as (
       insert into ${schema}.freezes (id, scope, frozen_by, reason, frozen_at)
       select entry ->> 'id', entry -> 'scope', entry ->> 'frozenBy', entry ->> 'reason',
              to_timestamp((entry ->> 'frozenAt')::float8 / 1000)
         from gate
     )
     select entry::text from gate`,
  );
  return async ({ id, scope, frozenBy, reason }) => {
    const [row] = await run([jsonText({ id, scope, frozenBy, reason })]);
    if (row === undefined) throw new Error("the row of the freezes is missing; run migrate");
    return JSON.parse(String(row["entry"])) as Freeze;
  };
}

/** Lifts a freeze, see {@link freezeScope}. */
export function unfreezeScope({ schema, statement }: Database): ExecutionStore["unfreeze"] {
  const run = statement(
    "unfreeze",
    `with lifted as (
       update ${schema}.freezes
          set lifted_by = $2, lift_reason = $3, lifted_at = clock_timestamp()
        where id = $1 and lifted_at is null
       returning id
     ), gate as (
       update ${schema}.guards g
          set content = coalesce(
                (select jsonb_agg(f) from jsonb_array_elements(g.content) as f where f ->> 'id' <> lifted.id), '[]')
         from lifted
        where g.key = 'freezes'
     )
     select id from lifted`,
  );
  return async ({ id, liftedBy, reason }) =>
    (await run([storableText(id), storableText(liftedBy), storableText(reason)])).length > 0;
}

/** Reads the freezes that were lifted since a time. */
export function liftedFreezes({ schema, statement }: Database): ExecutionStore["liftedFreezes"] {
  const run = statement(
    "lifted_freezes",
    `select jsonb_build_object('id', id, 'scope', scope, 'frozenBy', frozen_by, 'reason', reason, 'frozenAt', ${epochMs("frozen_at")},
            'liftedBy', lifted_by, 'liftReason', lift_reason, 'liftedAt', ${epochMs("lifted_at")})::text as freeze
       from ${schema}.freezes
      where lifted_at >= $1
      order by lifted_at, id`,
  );
  return async ({ since }) =>
    (await run([timestamp(since)])).map((row) => JSON.parse(String(row["freeze"])) as LiftedFreeze);
}

/** Reads the freezes that hold now. */
export function activeFreezes({ schema, statement }: Database): ExecutionStore["freezes"] {
  const run = statement("freezes", `select content::text from ${schema}.guards where key = 'freezes'`);
  return async () => {
    const [row] = await run([]);
    if (row === undefined) throw new Error("the row of the freezes is missing; run migrate");
    return JSON.parse(String(row["content"])) as Freeze[];
  };
}
