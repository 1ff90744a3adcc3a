import type { AwsService } from "./aws-permissions.js";
import { namesOf, type Purpose } from "./permission.js";

/** One statement of a policy of AWS. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

/** A policy document of AWS. */
export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

const STATEMENTS: readonly (readonly [sid: string, purpose: Purpose])[] = [
  ["Read", "read"],
  ["Buy", "buy"],
  ["Label", "label"],
  ["Withdraw", "withdraw"],
];

/** The policy that allows what some services need: a statement for each purpose, reading first. */
export const policyOf = (...services: readonly AwsService[]): Policy => ({
  Version: "2012-10-17",
  Statement: STATEMENTS.flatMap(([Sid, purpose]) => {
    const Action = sorted(services.flatMap((service) => namesOf(service, purpose)));
    const tagged = sorted(services.flatMap((service) => service.tagged ?? []));
    const Resource = purpose !== "label" ? "*" : tagged.length === 1 ? String(tagged[0]) : tagged;
    return Action.length === 0 ? [] : [{ Sid, Effect: "Allow", Action, Resource }];
  }),
});

const sorted = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();
