import { systemClock } from "../../domain/clock.js";
import { BuyonceError } from "../../domain/errors.js";
import type { ProviderContext } from "../commitment-provider.js";
import type { AwsClient, AwsTarget } from "./aws-client.js";
import { type AwsProviderOptions, type AwsSettings, readSettings } from "./aws-provider-options.js";
import type { AwsTiming } from "./aws-timing.js";
import { callerAccountCheck } from "./caller-account.js";
import { checkTiming } from "./shortened-timing.js";

/** A client whose account has been checked, for one provider call. */
export interface AwsConnection<Client> {
  readonly client: Client;
  /** The access key that belongs to the line's account. */
  readonly accessKeyId: string;
  readonly settings: AwsSettings;
  /** Aborts when the caller gives up. */
  readonly signal: AbortSignal;
  /** Aborts when the caller gives up, or when one request has taken too long from now. */
  limit(): AbortSignal;
}

/** Opens the account of a line; throws before anything was asked of the service. */
export type Connect<Client> = (
  target: AwsTarget,
  context: Pick<ProviderContext, "signal">,
) => Promise<AwsConnection<Client>>;

/** What an adapter's service is like, as far as connecting goes. */
export interface ConnectedService {
  readonly endpoints: "regional" | "global";
  /** The timings of its contract, as documented, with everything that the options may override. */
  readonly timing: AwsTiming;
}

/**
 * A {@link Connect} for an adapter's options, which are checked at once.
 *
 * It throws a `TypeError` for timings shorter than documented where the client may talk to AWS. `ACCOUNT_MISMATCH` also for
 * a client of another region, unless the service has one endpoint for all of them: there the line would be bought in the
 * wrong place.
 */
export function connector<Client extends AwsClient>(
  options: AwsProviderOptions<Client, Partial<AwsTiming>>,
  { endpoints, timing: documented }: ConnectedService,
): Connect<Client> {
  const settings = readSettings(options, { ...documented });
  const { timing = {}, shortenedTimingForSimulators = false } = options;
  const check = callerAccountCheck(options.stsClientFor?.bind(options));
  return async ({ account, region }, { signal }) => {
    const target: AwsTarget = { account, region };
    const limit = () => AbortSignal.any([signal, systemClock.timeout(settings.requestTimeoutMs)]);
    signal.throwIfAborted();
    const client = await options.clientFor(target);
    if (!shortenedTimingForSimulators) await checkTiming({ client, timing, documented });
    if (endpoints === "regional") await checkRegion(client, target);
    const accessKeyId = await check({ client, target, signal: limit() });
    return { client, accessKeyId, settings, signal, limit };
  };
}

async function checkRegion({ config }: AwsClient, { account, region }: AwsTarget): Promise<void> {
  const actual = await config.region();
  if (actual === region) return;
  throw new BuyonceError("ACCOUNT_MISMATCH", `The client for ${account} in ${region} is set to region ${actual}.`, {
    details: { account, expected: region, actual },
  });
}
