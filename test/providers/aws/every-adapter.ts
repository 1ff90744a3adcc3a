import { readdirSync, readFileSync } from "node:fs";
import { onTestFinished } from "vitest";
import type { CommitmentRequest } from "../../../src/domain/commitment-request/commitment-request.js";
import type { AwsClient } from "../../../src/providers/aws/aws-client.js";
import type { AwsProviderOptions } from "../../../src/providers/aws/aws-provider-options.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import type { SimulatorCredentials } from "../../../src/simulator/index.js";
import type { AwsServiceUnderTest } from "./contract/aws-fixture.js";
import { CAPACITY_BLOCKS } from "./contract/capacity-blocks.js";
import { DEDICATED_HOSTS } from "./contract/dedicated-hosts.js";
import { EC2 } from "./contract/ec2.js";
import { REDSHIFT_SERVERLESS } from "./contract/redshift-serverless.js";
import { ELASTICACHE, MEMORYDB, OPENSEARCH, RDS, REDSHIFT } from "./contract/reserved-nodes.js";
import { plansWith } from "./contract/savings-plans.js";
import { ACCOUNT, context, permitFor, simulated, TOKEN } from "./simulated-line.js";

/** How a client is set, besides what it needs to reach its cloud. */
export interface Settings {
  readonly maxAttempts?: number;
  readonly retryMode?: "adaptive" | "standard";
  readonly disableClockSkewCorrection?: boolean;
}

/** Where a client finds its cloud. */
export interface Cloud {
  readonly url: string;
  credentialsFor(account: string): SimulatorCredentials;
}

/** One adapter of AWS, with a real client of the SDK. */
export interface Adapter {
  readonly service: CommitmentRequest["service"];
  /** The operation that buys, and the one that lists commitments. */
  readonly purchase: string;
  readonly listing: string;
  readonly request: CommitmentRequest;
  /** What a listing may leave out, by the names on the wire. */
  readonly optional: readonly string[];
  /** A provider whose client has these settings and is closed at the end of the test. */
  provider(cloud: Cloud, settings?: Settings, options?: AdapterOptions): CommitmentProvider;
  /** A client of the SDK that is set so, closed at the end of the test, and a provider that uses it. */
  open(config: object, options?: AdapterOptions): { readonly client: AwsClient; readonly provider: CommitmentProvider };
}

/** The options of an adapter besides its client. */
export type AdapterOptions = Omit<AwsProviderOptions<AwsClient, object>, "clientFor">;

function adapter<Client extends AwsClient>(underTest: AwsServiceUnderTest<Client>): Adapter {
  const { Client, request, purchase, listings, optional } = underTest;
  const [listing = ""] = listings;
  const open: Adapter["open"] = (config, options = {}) => {
    const client = new Client(config as ConstructorParameters<typeof Client>[0]);
    onTestFinished(() => client.destroy());
    return { client, provider: underTest.provider({ clientFor: () => client, ...options }) };
  };
  return {
    service: request.service,
    purchase,
    listing,
    request,
    optional,
    open,
    provider({ url, credentialsFor }, settings = {}, options = {}) {
      const region = request.region === "global" ? "us-east-1" : request.region;
      const config = { endpoint: url, region, credentials: credentialsFor(ACCOUNT), ...settings };
      return open(config, options).provider;
    },
  };
}

/** Every adapter of AWS. */
export const ADAPTERS: readonly Adapter[] = [
  adapter(EC2),
  adapter(CAPACITY_BLOCKS),
  adapter(DEDICATED_HOSTS),
  adapter(ELASTICACHE),
  adapter(MEMORYDB),
  adapter(OPENSEARCH),
  adapter(RDS),
  adapter(REDSHIFT),
  adapter(REDSHIFT_SERVERLESS),
  adapter(plansWith()),
];

/** The adapter of a service. */
export function adapterOf(service: Adapter["service"]): Adapter {
  const found = ADAPTERS.find((one) => one.service === service);
  if (found === undefined) throw new Error(`no adapter of ${service}`);
  return found;
}

/** The sources of all adapters, as one text. What recommends and buys nothing is no adapter. */
export const adapterSources = (): string => sourcesOf((name) => !name.startsWith("recommendations"));

/** The sources of what recommends, as one text. */
export const recommendationSources = (): string => sourcesOf((name) => name.startsWith("recommendations"));

function sourcesOf(isMeant: (name: string) => boolean): string {
  const folder = new URL("../../../src/providers/aws/", import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const meant = files.filter((name) => name.endsWith(".ts") && isMeant(name));
  return meant.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n");
}

/** An error as a service answers it. */
export interface ErrorAnswer {
  readonly code: string;
  readonly status: number;
  readonly message?: string;
}

/** A purchase of an adapter that is prepared and may be sent, again and again; `through` another server, if given. */
export async function preparedPurchase(
  adapter: Adapter,
  settings: Settings = {},
  through: (cloud: Cloud) => Promise<string> = async ({ url }) => url,
) {
  const cloud = await simulated();
  const { simulator, clock } = cloud;
  const { credentialsFor } = simulator;
  const provider = adapter.provider({ url: await through(simulator), credentialsFor }, settings);
  const prepared = await provider.prepare(adapter.request, TOKEN, context());
  return {
    ...cloud,
    provider,
    prepared,
    purchase: () => provider.purchase(permitFor(adapter.request, prepared, clock.now()), context()),
    /** Has the next call of an operation answered by this error. */
    answer: (operation: string, answer: ErrorAnswer) => simulator.faults.add({ operation, kind: "error", ...answer }),
  };
}
