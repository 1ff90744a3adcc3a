import { BuyonceError } from "../../domain/errors.js";
import { loadSdk } from "../load-sdk.js";
import { safeCause, safeMessage } from "../safe-message.js";
import type { AwsClient, AwsIdentity, AwsTarget } from "./aws-client.js";

/** An `STSClient` of the AWS SDK, as far as it is needed here. */
export interface StsClient {
  send(command: never, options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
  readonly config: { readonly credentials: () => Promise<AwsIdentity> };
}

/** The client whose credentials are to be checked, and the account to which they must belong. */
export interface CallerQuestion {
  readonly client: AwsClient;
  readonly target: AwsTarget;
  readonly signal: AbortSignal;
}

/**
 * Makes sure that a client's credentials belong to an account, and returns their access key id.
 *
 * Throws `ACCOUNT_MISMATCH` if they belong to another account, and `ACCOUNT_CHECK_FAILED` if the account cannot be
 * found out. STS is asked once for each client and access key, because the account of an access key never changes.
 */
export type CheckCallerAccount = (question: CallerQuestion) => Promise<string>;

/** A {@link CheckCallerAccount} with a memory of its own. */
export function callerAccountCheck(
  stsClientFor?: (target: AwsTarget) => StsClient | Promise<StsClient>,
): CheckCallerAccount {
  const known = new WeakMap<AwsClient, Map<string, string>>();
  return async (question) => {
    const { client, target } = question;
    const identity = await resolved(client, target);
    const accounts = known.get(client) ?? new Map<string, string>();
    known.set(client, accounts);
    const account =
      accounts.get(identity.accessKeyId) ??
      (await askSts({ ...question, identity, stsClientFor: stsClientFor ?? ownSts }));
    accounts.set(identity.accessKeyId, account);
    if (account !== target.account) throw mismatch(target, account);
    return identity.accessKeyId;

    function ownSts(): Promise<StsClient> {
      return stsClientLike(client, identity);
    }
  };
}

interface StsQuestion extends CallerQuestion {
  readonly identity: AwsIdentity;
  readonly stsClientFor: (target: AwsTarget) => StsClient | Promise<StsClient>;
}

async function resolved(client: AwsClient, target: AwsTarget): Promise<AwsIdentity> {
  try {
    return await client.config.credentials();
  } catch (thrown) {
    throw checkFailed(target, thrown);
  }
}

async function askSts({ stsClientFor, target, identity, signal }: StsQuestion): Promise<string> {
  try {
    const sts = await stsClientFor(target);
    const { accessKeyId } = await sts.config.credentials();
    // An answer for other credentials would prove nothing about these.
    if (accessKeyId !== identity.accessKeyId) throw new Error("stsClientFor gave a client with other credentials");
    return await callerIdentity(sts, signal);
  } catch (thrown) {
    throw checkFailed(target, thrown);
  }
}

async function callerIdentity(sts: StsClient, signal: AbortSignal): Promise<string> {
  const { GetCallerIdentityCommand } = await loadSts();
  const command = new GetCallerIdentityCommand({}) as never;
  const answer = (await sts.send(command, { abortSignal: signal })) as { readonly Account?: string };
  if (answer.Account === undefined) throw new Error("GetCallerIdentity named no account");
  return answer.Account;
}

/** An STS client that reaches AWS as the given client does, with the very credentials that are to be checked. */
async function stsClientLike({ config }: AwsClient, credentials: AwsIdentity): Promise<StsClient> {
  const { STSClient } = await loadSts();
  const { region, endpoint, requestHandler } = config;
  return new STSClient({
    region,
    credentials,
    // Only `handle` is passed on, so that the new client cannot change the settings of the caller's handler.
    requestHandler: { handle: requestHandler.handle.bind(requestHandler) },
    ...(config.isCustomEndpoint && endpoint && { endpoint }),
  });
}

const loadSts = () => loadSdk("@aws-sdk/client-sts", () => import("@aws-sdk/client-sts"));

const checkFailed = ({ account }: AwsTarget, thrown: unknown): BuyonceError =>
  new BuyonceError(
    "ACCOUNT_CHECK_FAILED",
    `It is not known whether the credentials belong to ${account}: ${safeMessage(thrown, "")}`,
    {
      cause: safeCause(thrown, ""),
      details: { account },
    },
  );

const mismatch = ({ account, region }: AwsTarget, actual: string): BuyonceError =>
  new BuyonceError("ACCOUNT_MISMATCH", `The client for ${account} in ${region} has credentials of account ${actual}.`, {
    details: { expected: account, actual, region },
  });
