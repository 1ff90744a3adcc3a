import { SimulatedError } from "../../simulated-error.js";
import type { AzureCall } from "../azure-service.js";

/** A property by which recommendations are filtered: the values it takes, the default first. */
export type FilterProperties<Name extends string> = Readonly<Record<Name, readonly [string, ...string[]]>>;

const CONDITION = /^properties\/(\w+) +eq +'([^']*)'$/i;

/** The value of each property in the `$filter` of a call; refused if a part of it is not understood. */
export function readFilter<Name extends string>(
  { query }: AzureCall,
  known: FilterProperties<Name>,
): Readonly<Record<Name, string>> {
  const filter = query.get("$filter") ?? "";
  const asked = new Map(filter.trim() === "" ? [] : filter.split(/ +and +/i).map(readCondition));
  for (const name of asked.keys()) if (!Object.hasOwn(known, name)) throw badFilter(`'${name}' cannot be filtered by.`);
  const names = Object.keys(known) as Name[];
  const askedValue = (name: Name): string => {
    const wanted = asked.get(name) ?? known[name][0];
    const value = known[name].find((each) => each.toLowerCase() === wanted.toLowerCase());
    if (value === undefined) throw badFilter(`'${wanted}' is no value of '${name}'.`);
    return value;
  };
  return Object.fromEntries(names.map((name) => [name, askedValue(name)])) as Record<Name, string>;
}

function readCondition(text: string): readonly [string, string] {
  const [, name, value] = CONDITION.exec(text.trim()) ?? [];
  if (name === undefined || value === undefined) throw badFilter(`'${text}' is no condition.`);
  return [name, value];
}

const badFilter = (message: string): SimulatedError =>
  new SimulatedError("BadRequest", 400, `The $filter is not valid: ${message}`);

/** The days of a look-back such as `Last30Days`. */
export const daysOf = (lookBackPeriod: string): number => Number(/\d+/.exec(lookBackPeriod)?.[0]);
