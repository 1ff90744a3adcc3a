import { invalidArgument } from "../../domain/input-problem.js";

/** Static credentials in the shape the AWS SDK takes. */
export interface SimulatorCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const ACCOUNT_ID = /^\d{12}$/;
const DERIVED_KEY = /^AKIASIM0(\d{12})$/;

/**
 * Credentials for `account`, which every AWS simulator accepts: the access key id carries the account.
 *
 * An account id has 12 digits. Throws `INVALID_REQUEST` for anything else.
 */
export function credentialsFor(account: string): SimulatorCredentials {
  if (!ACCOUNT_ID.test(account))
    throw invalidArgument("account", `must be an AWS account id of 12 digits, got "${account}"`);
  return { accessKeyId: `AKIASIM0${account}`, secretAccessKey: "simulator-secret-access-key" };
}

/** Finds the account of an access key id, among the keys given and those of `credentialsFor`. */
export function accountOf(accessKeyId: string, accounts: Readonly<Record<string, string>>): string | undefined {
  if (Object.hasOwn(accounts, accessKeyId)) return accounts[accessKeyId];
  return DERIVED_KEY.exec(accessKeyId)?.[1];
}
