import * as z from "zod/mini";
import { SimulatedError } from "../../../simulated-error.js";

export const filterSchema = z.object({
  Name: z.string(),
  Value: z.array(z.string()).check(z.minLength(1), z.maxLength(200)),
});

/** An EC2 filter: matches if the field has one of the values. */
export type Ec2Filter = z.infer<typeof filterSchema>;

/** The values of a row that a filter name selects; `undefined` for a name that is no filter. */
export type FilterFields<Row> = (row: Row, name: string) => readonly string[] | undefined;

/**
 * Keeps the rows that match every filter. `*` and `?` in a value stand for any text and any one character.
 *
 * A name that is no filter is refused even when there is no row to try it on.
 */
export function filtered<Row>(
  rows: readonly Row[],
  filters: readonly Ec2Filter[],
  fields: { readonly names: ReadonlySet<string>; readonly of: FilterFields<Row> },
): Row[] {
  for (const { Name } of filters) {
    if (!fields.names.has(Name) && !Name.startsWith("tag:")) throw invalidFilter(Name);
  }
  return rows.filter((row) => filters.every((filter) => matches(fields.of(row, filter.Name) ?? [], filter)));
}

function matches(actual: readonly string[], { Value }: Ec2Filter): boolean {
  return Value.some((pattern) => actual.some((text) => wildcard(pattern).test(text)));
}

function wildcard(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
}

function invalidFilter(name: string): SimulatedError {
  return new SimulatedError("InvalidParameterValue", 400, `The filter '${name}' is invalid`);
}
