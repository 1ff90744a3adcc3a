import * as z from "zod/mini";
import { readSettings } from "../../read-settings.js";

const ACCOUNT_STATES = ["ACTIVE", "CLOSED", "PENDING_ACTIVATION", "PENDING_CLOSURE", "SUSPENDED"] as const;

/** An account of an organization. */
export interface OrganizationAccount {
  readonly id: string;
  /** Default: `Account` with the id. */
  readonly name?: string | undefined;
  /** Default: `ACTIVE`. */
  readonly state?: (typeof ACCOUNT_STATES)[number] | undefined;
}

/** An organization with all its accounts. The management account need not be named again. */
export interface OrganizationSettings {
  readonly managementAccount: string;
  readonly accounts: readonly OrganizationAccount[];
}

const id = z.string().check(z.regex(/^\d{12}$/, "an AWS account id has 12 digits"));

export const organizationSchema: z.ZodMiniType<OrganizationSettings> = z.strictObject({
  managementAccount: id,
  accounts: z.array(z.strictObject({ id, name: z.optional(z.string()), state: z.optional(z.enum(ACCOUNT_STATES)) })),
});

/** The one organization of the simulated AWS. Until it is set, each account stands alone. */
export class Organization {
  #settings: OrganizationSettings | undefined;

  /** Throws `TypeError` for what is no organization. */
  set(settings: OrganizationSettings): void {
    const { managementAccount, accounts } = readSettings(organizationSchema, structuredClone(settings));
    const isListed = accounts.some((account) => account.id === managementAccount);
    this.#settings = { managementAccount, accounts: isListed ? accounts : [{ id: managementAccount }, ...accounts] };
  }

  /** `undefined` for an account that is in no organization. */
  roleOf(account: string): "management" | "member" | undefined {
    if (account === this.#settings?.managementAccount) return "management";
    return this.accounts().some((one) => one.id === account) ? "member" : undefined;
  }

  accounts(): readonly OrganizationAccount[] {
    return this.#settings?.accounts ?? [];
  }

  /** Whose usage an account sees: a management account that of all accounts in use, any other its own. */
  seenBy(account: string): readonly string[] {
    if (this.roleOf(account) !== "management") return [account];
    return this.accounts().flatMap(({ id, state = "ACTIVE" }) => (state === "ACTIVE" ? id : []));
  }

  /** The account that pays for an account. */
  payerOf(account: string): string {
    return this.roleOf(account) === undefined ? account : (this.#settings?.managementAccount ?? account);
  }
}
