import type { EC2Client } from "@aws-sdk/client-ec2";
import type { CommitmentRequest } from "../../../../src/domain/commitment-request/commitment-request.js";
import type { AwsClient, AwsTarget } from "../../../../src/providers/aws/aws-client.js";
import type { AwsProviderOptions } from "../../../../src/providers/aws/aws-provider-options.js";
import { TOKEN_TAG } from "../../../../src/providers/aws/token-tag.js";
import type { CommitmentProvider } from "../../../../src/providers/commitment-provider.js";
import {
  type AwsSimulator,
  type LedgerPurchase,
  type SimulatorCredentials,
  startAwsSimulator,
} from "../../../../src/simulator/index.js";
import { type ManualClock, manualClock } from "../../../../src/testing/manual-clock.js";
import type {
  CloudStates,
  CloudUnderTest,
  ProviderContractOptions,
  ProviderFixture,
} from "../../../../src/testing/provider-contract.js";
import { type StruckOperations, simulatorFaults } from "../../simulator-faults.js";
import { ACCOUNT, OTHER_ACCOUNT } from "../simulated-line.js";

const MINUTE_MS = 60_000;
/** More calls than a test makes; `heal` forgets the rest. */
const FOR_EVER = 1_000_000;

/** One AWS service, as far as its fixture differs from those of the others. */
export interface AwsServiceUnderTest<Client extends AwsClient> extends StruckOperations {
  /** The SDK's client class. */
  readonly Client: new (
    config: ClientConfig,
  ) => Client & { destroy(): void };
  /** The adapter; its timings stay as they are unless the test is about them. */
  provider(options: AwsProviderOptions<Client, object>): CommitmentProvider;
  /** The service's words for the states of a commitment that was bought just now, by what they mean. */
  readonly states: CloudStates;
  /** What a listing may leave out, by the names on the wire: all of it is optional in the API models. */
  readonly optional: readonly string[];
  readonly cannot: NonNullable<ProviderContractOptions["cannot"]>;
  readonly request: CommitmentRequest;
  readonly different: CommitmentRequest;
  readonly unsold?: CommitmentRequest;
  /** Lines that differ from `request` in one attribute. */
  readonly siblings: readonly CommitmentRequest[];
  readonly queued?: CommitmentRequest;
  /** Buys what `request` describes, without a token; returns the commitment's id. */
  buyByHand?(client: Client, simulator: AwsSimulator): Promise<string | undefined>;
  /** Where a purchase shows its token. Default: its tag. */
  tokenOn?(purchase: LedgerPurchase): string | undefined;
  /** How a token shows there. Default: as it is. */
  shownToken?(token: string): string;
}

interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: SimulatorCredentials;
}

/** A service's fixture: the simulator, real SDK clients at their default settings, and one clock for all. */
export async function awsFixture<Client extends AwsClient>(
  service: AwsServiceUnderTest<Client>,
): Promise<ProviderFixture> {
  // It starts at the machine's time, by which the SDK signs its first requests.
  const clock = manualClock(Date.now());
  const simulator = await startAwsSimulator({ clock, maxClockSkewMs: 15 * MINUTE_MS });
  const clients = [ACCOUNT, OTHER_ACCOUNT, ACCOUNT].map((account) => clientOf(service, simulator, account));
  const [own, other, byHand] = clients;
  if (own === undefined || other === undefined || byHand === undefined) throw new Error("no clients");
  const { request, different, unsold, siblings, queued } = service;
  return {
    provider: service.provider({ clientFor: () => own }),
    stranger: service.provider({ clientFor: () => other }),
    request,
    different,
    siblings,
    ...(unsold && { unsold }),
    ...(queued && { queued }),
    clock,
    cloud: cloudUnderTest(service, { simulator, own, byHand, clock }),
    ...(service.shownToken && { shownToken: service.shownToken }),
    async close() {
      for (const client of clients) client.destroy();
      await simulator.close();
    },
  };
}

function clientOf<Client extends AwsClient>(
  { Client, request }: AwsServiceUnderTest<Client>,
  simulator: AwsSimulator,
  account: string,
) {
  const { region }: AwsTarget = request;
  return new Client({
    endpoint: simulator.url,
    region: region === "global" ? "us-east-1" : region,
    credentials: simulator.credentialsFor(account),
  });
}

interface Surroundings<Client> {
  readonly simulator: AwsSimulator;
  readonly own: Client;
  readonly byHand: Client;
  readonly clock: ManualClock;
}

function cloudUnderTest<Client extends AwsClient>(
  service: AwsServiceUnderTest<Client>,
  { simulator, own, byHand }: Surroundings<Client>,
): CloudUnderTest {
  const switchOff = unreachable(own, service.purchase);
  const boughtByHand = new Set<number>();
  const requests = async () =>
    (await simulator.ledger.requests()).filter(({ operation }) => operation === service.purchase);
  return {
    async purchases() {
      return (await simulator.ledger.purchases()).map((row) => ({
        ...row,
        live: service.states.void?.includes(row.state) !== true,
        token: service.tokenOn ? service.tokenOn(row) : row.tags[TOKEN_TAG],
      }));
    },
    async requests() {
      const ours = (await requests()).filter(({ seq }) => !boughtByHand.has(seq));
      return ours.map(({ params }) => ({ parameters: params }));
    },
    async fault(fault) {
      if (fault.kind === "unreachable") switchOff.on = true;
      else for (const one of simulatorFaults(service, fault)) await simulator.faults.add(one);
    },
    async heal() {
      switchOff.on = false;
      await simulator.faults.clear();
    },
    refusalCode: service.refusal.code,
    async buyElsewhere() {
      const before = (await requests()).length;
      const id = await service.buyByHand?.(byHand, simulator);
      for (const { seq } of (await requests()).slice(before)) boughtByHand.add(seq);
      if (id === undefined) throw new Error("nothing was bought by hand");
      return id;
    },
    setState: (commitmentId, state) => simulator.states.set(commitmentId, state),
    states: service.states,
    async leaveOut(fields) {
      for (const operation of service.listings)
        await simulator.faults.add({ operation, kind: "leave-out", fields, times: FOR_EVER });
    },
    optionalAttributes: service.optional,
  };
}

/** Sends a client's purchase requests to a port where nobody listens, while it is on. */
function unreachable(client: AwsClient, operation: string): { on: boolean } {
  const state = { on: false };
  const { middlewareStack } = client as AwsClient & Pick<EC2Client, "middlewareStack">;
  middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (state.on && commandName === `${operation}Command`) Object.assign(args.request as object, { port: 1 });
        return next(args);
      },
    { step: "finalizeRequest", priority: "low", name: "unreachable" },
  );
  return state;
}

/** The one offering that fits. */
export function only<Offering>(offerings: readonly Offering[]): Offering {
  const [offering, ...others] = offerings;
  if (offering === undefined || others.length > 0) throw new Error(`${offerings.length} offerings match, not one`);
  return offering;
}
