import { anySignal } from "../../domain/any-signal.js";
import { systemClock } from "../../domain/clock.js";
import { BuyonceError } from "../../domain/errors.js";
import { checkClient } from "../check-client.js";
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
  /** Aborts when the caller gives up, or when a request that starts now has taken too long. */
  limit(): AbortSignal;
}

/** Opens the account of a line. If it throws, the service has not been asked anything yet. */
export type Connect<Client> = (
  target: AwsTarget,
  context: Pick<ProviderContext, "signal">,
) => Promise<AwsConnection<Client>>;

/** What connecting needs to know of an adapter's service. */
export interface ConnectedService {
  readonly endpoints: "regional" | "global";
  /** The timings of its contract, as documented, with everything that the options may override. */
  readonly timing: AwsTiming;
}

/**
 * A {@link Connect} for an adapter's options, which are checked at once.
 *
 * `Connect` throws a `TypeError` for timings shorter than documented if the client may talk to AWS. It throws
 * `ACCOUNT_MISMATCH` also for a client of another region, where the line would be bought in the wrong place. A service
 * that has one endpoint for all regions takes a client of any region.
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
    const limit = () => anySignal([signal, systemClock.timeout(settings.requestTimeoutMs)]);
    signal.throwIfAborted();
    const client = await options.clientFor(target);
    checkClient(client, { client: "an AWS SDK v3 client of the service", members: ["config", "send"], target });
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
