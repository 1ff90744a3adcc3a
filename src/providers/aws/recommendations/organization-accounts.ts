import type { Account, OrganizationsClient as SdkClient } from "@aws-sdk/client-organizations";
import { checkKeys, type KeysOf, lackingProblems, refuse } from "../../../domain/options.js";
import { collectPages } from "../../collect-pages.js";
import { loadSdk } from "../../load-sdk.js";
import type { AccountDirectory } from "../../recommendation-source.js";
import { awsSourceFault } from "./aws-source-fault.js";

/** An `OrganizationsClient` of the AWS SDK, as far as it is needed here. */
export interface OrganizationsClient extends Pick<SdkClient, "send"> {}

/** The options of {@link awsOrganizationAccounts}. */
export interface AwsOrganizationAccountsOptions {
  /** A client with the credentials of the management account, or of a delegated administrator. */
  readonly client: OrganizationsClient;
  /** How many pages of the listing are read before it counts as endless. Default 1000; a page has 20 accounts at most. */
  readonly maxPages?: number;
}

const OPTIONS: KeysOf<AwsOrganizationAccountsOptions> = { client: true, maxPages: true };

/**
 * The accounts of an organization that are in use, the management account among them.
 *
 * An account in any other state than `ACTIVE` is left out. Needs `organizations:ListAccounts`.
 */
export function awsOrganizationAccounts(options: AwsOrganizationAccountsOptions): AccountDirectory {
  checkKeys<AwsOrganizationAccountsOptions>("options", options, OPTIONS);
  const { client, maxPages = 1_000 } = options;
  refuse([
    ...(client === undefined ? [{ path: "options.client", problem: "is required" }] : []),
    ...lackingProblems("options.client", client, ["send"]),
  ]);
  return {
    name: "aws.organizations",
    async accounts(context) {
      const { ListAccountsCommand } = await loadOrganizations();
      const listed = await collectPages({
        operation: "ListAccounts",
        maxPages,
        signal: context.signal,
        async fetch(NextToken) {
          const command = new ListAccountsCommand({ ...(NextToken !== undefined && { NextToken }) });
          const page = await context.call("ListAccounts", (abortSignal) => client.send(command, { abortSignal }));
          return { items: page.Accounts, nextToken: page.NextToken };
        },
      });
      return listed.filter(isActive).map(idOf).sort();
    },
    faultOf: awsSourceFault,
  };
}

/** "The Status parameter in the API response will be retired" (the API reference), so `State` counts where it is stated. */
function isActive({ State, Status, Id }: Account): boolean {
  const state = State ?? Status;
  if (state === undefined) throw new Error(`Organizations does not state the state of account ${Id ?? "(no id)"}`);
  return state === "ACTIVE";
}

function idOf({ Id }: Account): string {
  if (Id === undefined) throw new Error("Organizations listed an account without an id");
  return Id;
}

/** The Organizations package of the AWS SDK, loaded on first use. */
const loadOrganizations = () => loadSdk("@aws-sdk/client-organizations", () => import("@aws-sdk/client-organizations"));
