/** A part of the statements of the recommendation store, and what stands in its place. */
export interface StatementMutant {
  readonly without: string;
  /** The case of the contract that must fail. */
  readonly noticedBy: string;
  readonly part: RegExp;
  readonly instead: string;
}

const SWEPT = "completeAccount removes what the run did not put of the source and the asked account, and nothing else";

/** Sabotages of the statements. `$$n` keeps a parameter in use, so that its type is known. */
export const STATEMENT_MUTANTS: readonly StatementMutant[] = [
  {
    without: "the owner of a renewal",
    noticedBy: "renew of a run that does not have the mark changes nothing",
    part: /where scope = \$1 and owner = \$2 returning scope/,
    instead: "where scope = $$1 and $$2::text is not null and owner is not null returning scope",
  },
  {
    without: "the owner of a finish",
    noticedBy: "finish of a run that was taken over changes nothing",
    part: /(clock_timestamp\(\) end\s+where scope = \$1) and owner = \$2/,
    instead: "$1 and $$2::text is not null",
  },
  {
    without: "take-overs",
    noticedBy: "a mark may be taken over once it has run out, and not before",
    part: /or c\.expires_at <= clock_timestamp\(\)/,
    instead: "",
  },
  {
    without: "a look at the mark",
    noticedBy: "a start that is refused changes nothing, whoever makes it",
    part: /where c\.owner is null or c\.expires_at <= clock_timestamp\(\)/,
    instead: "",
  },
  {
    without: "the time of a failed end",
    noticedBy: "a run that failed has finished, and has collected nothing",
    part: /when \$3 = 'not_started' then/,
    instead: "when $$3 <> 'collected' then",
  },
  {
    without: "the owner of writes",
    noticedBy: "a run that was taken over writes nothing",
    part: /where scope = \$1 and owner = \$2 for share/,
    instead: "where scope = $$1 and $$2::text is not null for share",
  },
  {
    without: "the row that is there already",
    noticedBy: "put replaces what has the same natural key, and keeps all else",
    part: /on conflict \(scope, key\) do update\s+set [^)]*\)?[\s\S]*collected_at = excluded\.collected_at/,
    instead: "on conflict (scope, key) do nothing",
  },
  {
    without: "a new place",
    noticedBy: "put places a recommendation anew that moved to another source",
    part: /set position = excluded\.position, source = excluded\.source,/,
    instead: "set",
  },
  {
    without: "the asked account",
    noticedBy: SWEPT,
    part: /and r\.asked_account = \$4/,
    instead: "and $$4::text is not null",
  },
  {
    without: "the source of an account",
    noticedBy: SWEPT,
    part: /and r\.source = \$3 and r\.asked_account/,
    instead: "and $$3::text is not null and r.asked_account",
  },
  {
    without: "what the run has put",
    noticedBy: "nothing that a run put is removed by its completion, in whichever call it put it",
    part: /and r\.put_by <> \$2/,
    instead: "",
  },
  {
    without: "the end of an error",
    noticedBy: "completeSource ends the error of its source",
    part: /succeeded_at = excluded\.succeeded_at, error = null/,
    instead: "succeeded_at = excluded.succeeded_at",
  },
  {
    without: "the time of the last success",
    noticedBy: "failSource keeps the error with its time, and leaves the time of the last success",
    part: /set error = excluded\.error/,
    instead: "$&, succeeded_at = null",
  },
  {
    without: "the scope of a list",
    noticedBy: "a scope holds what was put into it, and no other",
    part: /where scope = \$1 and position > \$2/,
    instead: "where $$1::text is not null and position > $$2",
  },
];
