import type { HeldThing, Holding, HoldingMove } from "../../law/uniqueness.js";
import { isByPerson } from "../../law/uniqueness.js";
import type { Connection } from "../database/connection.js";
import { MAYBE_BOUGHT, OPEN } from "./statuses.js";
import { insertRow } from "./write-row.js";

/** Whether somebody holds a thing that only one may hold. The unique indices hold to the same. */
export function isHeld(connection: Connection, thing: HeldThing): boolean {
  return holderOf(connection, thing) !== undefined;
}

function holderOf(connection: Connection, thing: HeldThing): unknown {
  switch (thing.kind) {
    case "open":
      return connection.get(
        `select 1 from buyonce_executions where lineage_key = ? and status in ${OPEN}`,
        thing.lineageKey,
      );
    case "lane":
      return connection.get("select 1 from buyonce_lines where lane = ?", thing.lane);
    case "line":
      return connection.get(
        `select 1 from buyonce_lines where lineage_key = ? and line_index = ? and state in ${MAYBE_BOUGHT}`,
        thing.lineageKey,
        thing.index,
      );
    case "commitment":
      return connection.get(
        "select 1 from buyonce_commitments where cloud = ? and account = ? and commitment_id = ?",
        thing.cloud,
        thing.account,
        thing.commitmentId,
      );
  }
}

/** Frees the commitment ids that a change takes out of its lines. */
export function freeCommitments(connection: Connection, { released, taken }: HoldingMove): void {
  for (const { thing } of without(released, taken))
    if (thing.kind === "commitment")
      connection.run(
        "delete from buyonce_commitments where cloud = ? and account = ? and commitment_id = ?",
        thing.cloud,
        thing.account,
        thing.commitmentId,
      );
}

/** Claims the commitment ids that a change puts into its lines. */
export function claimCommitments(connection: Connection, { released, taken }: HoldingMove): void {
  for (const { thing, executionId, line } of without(taken, released)) {
    if (thing.kind !== "commitment" || line === undefined) continue;
    const { cloud, account, commitmentId } = thing;
    const holder = { execution_id: executionId, line_index: line.index, by_person: isByPerson(line) ? 1 : 0 };
    insertRow(connection, "buyonce_commitments", { cloud, account, commitment_id: commitmentId, ...holder });
  }
}

/** The holdings that are not the same among others. */
function without(holdings: readonly Holding[], others: readonly Holding[]): readonly Holding[] {
  const same = new Set(others.map(placeOf));
  return holdings.filter((holding) => !same.has(placeOf(holding)));
}

const placeOf = ({ key, line }: Holding): string => `${line?.index} ${line && isByPerson(line)} ${key}`;
