import type { MigrationState } from "./migration-states.js";

const label = ({ number, name }: MigrationState): string => `migration ${number} (${name})`;

/** Why a version cannot bring a schema up to date, and what to do. `undefined` if it can. */
export function migrationProblem(states: readonly MigrationState[]): string | undefined {
  const incompatible = states.find(({ state }) => state === "incompatible");
  if (incompatible !== undefined)
    return `holds ${label(incompatible)}, on which this version of buyonce may not work: use the version that made it, or a newer one.`;
  const altered = states.find(({ state }) => state === "altered");
  if (altered !== undefined)
    return `holds ${label(altered)} with another content than this version's: restore the schema from a backup, or use the version of buyonce that made it.`;
  const gap = states.find(
    ({ state }, at) => state === "missing" && states.slice(at).some((later) => later.state !== "missing"),
  );
  if (gap !== undefined)
    return `lacks ${label(gap)} and holds a later one: restore the schema from a backup, or its record in the table migrations.`;
  return undefined;
}

/** Why a store cannot work on a schema, and what to do. `undefined` if it can. `call` is the call that migrates. */
export function recordProblem(states: readonly MigrationState[], call: string): string | undefined {
  const missing = states.find(({ state }) => state === "missing");
  if (missing === undefined) return migrationProblem(states);
  return migrationProblem(states) ?? `lacks ${label(missing)}: call ${call} with this version of buyonce.`;
}
