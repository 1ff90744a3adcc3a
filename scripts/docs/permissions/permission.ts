/** What a permission is for. Reading moves no money and changes nothing. */
export type Purpose = "read" | "buy" | "label" | "withdraw";

/** One permission that a service needs. */
export interface Permission {
  /** As its cloud writes it, such as `ec2:DescribeReservedInstances`. */
  readonly name: string;
  readonly purpose: Purpose;
  /** The operations that need it. */
  readonly operations: ReadonlySet<string>;
  /** The steps in which they are sent. */
  readonly steps: ReadonlySet<string>;
}

/** A need for a permission, as one request shows it. */
export interface Need {
  readonly name: string;
  readonly purpose: Purpose;
  readonly operation: string;
  readonly step: string;
}

/** One service, or source of recommendations, with all permissions that it needs. */
export interface Service {
  readonly title: string;
  /** The part of a role's name, such as `savings plans`. */
  readonly id: string;
  readonly permissions: readonly Permission[];
  /** What the reader has to know besides. */
  readonly note?: string;
}

/** What is known of an adapter by the name of its golden file. Throws if that is nothing, so that none is left out. */
export function knownOf<Known>(adapters: Readonly<Record<string, Known>>, adapter: string): Known {
  const known = adapters[adapter];
  if (known === undefined) throw new Error(`docs/permissions.md does not know the adapter ${adapter}`);
  return known;
}

const ORDER: readonly Purpose[] = ["read", "buy", "label", "withdraw"];

/** Needs of the same permission as one, those that only read first. */
export function permissionsOf(needs: readonly Need[]): readonly Permission[] {
  const names = [...new Set(needs.map(({ name }) => name))];
  const permissions = names.map((name) => {
    const same = needs.filter((need) => need.name === name);
    const purposes = new Set(same.map(({ purpose }) => purpose));
    const [purpose, ...others] = purposes;
    if (purpose === undefined || others.length > 0)
      throw new Error(`${name} is needed for ${[...purposes].join(", ")}`);
    const operations = new Set(same.map(({ operation }) => operation));
    return { name, purpose, operations, steps: new Set(same.map(({ step }) => step)) };
  });
  return permissions.sort(
    (one, other) => ORDER.indexOf(one.purpose) - ORDER.indexOf(other.purpose) || (one.name < other.name ? -1 : 1),
  );
}

/** The names of the permissions for some purposes. */
export const namesOf = ({ permissions }: Pick<Service, "permissions">, ...purposes: readonly Purpose[]) =>
  permissions.filter(({ purpose }) => purposes.includes(purpose)).map(({ name }) => name);

/** The purpose of what changes something, by the step that sends it. */
export function purposeOfWrite(step: string): Purpose {
  if (step === "prepare" || step === "purchase") return "buy";
  if (step === "label") return "label";
  if (step === "cancelQueued") return "withdraw";
  throw new Error(`${step} changes something, and must not`);
}
