import "./protocols-once.js";
import { randomUUID } from "node:crypto";
import { RegionCommitmentsClient, RegionOperationsClient } from "@google-cloud/compute";
import { RecommenderClient } from "@google-cloud/recommender";
import {
  type GcpClientChoice,
  type GcpSimulator,
  type GcpSimulatorOptions,
  type SeenRequest,
  startGcpSimulator,
} from "buyonce/simulator";
import { expect, onTestFinished } from "vitest";
import type { GcpComputeRequest } from "../../../src/domain/commitment-request/gcp-compute.js";
import type { BuyonceError } from "../../../src/domain/errors.js";
import type { Prepared } from "../../../src/domain/evidence.js";
import { silentLogger } from "../../../src/domain/logger.js";
import { commitmentName, uuidV4Shaped } from "../../../src/idempotency/token-formats.js";
import type { PurchaseContext, PurchaseOutcome } from "../../../src/providers/commitment-provider.js";
import { gcpCommittedUseDiscounts } from "../../../src/providers/gcp/committed-use-discounts.js";
import type { GcpClients } from "../../../src/providers/gcp/gcp-clients.js";
import type { GcpProviderOptions } from "../../../src/providers/gcp/gcp-provider-options.js";
import { mintPermit, type PurchasePermit } from "../../../src/providers/purchase-permit.js";
import { clientOptionsFor } from "../../../src/simulator/gcp/client-options.js";
import { nextMidnight } from "../../../src/simulator/gcp/compute/pacific-time.js";
import { type ManualClock, manualClock } from "../../../src/testing/manual-clock.js";
import { type RawAnswer, type RawRequest, startFrontServer } from "../aws/front-server.js";
import { computeRequest, PROJECT, REGION, TOKEN, TYPE } from "./compute-line.js";

/** When the term of a commitment starts that is bought now. */
export const termStart = (clock: ManualClock): number => nextMidnight(clock.now());

/** The name of the line's commitment. */
export const NAME = commitmentName("buyonce-", TOKEN);

/** A simulator on a clock that stands still until told, closed at the end of the test. */
export async function simulated(
  options: Omit<GcpSimulatorOptions, "clock"> = {},
): Promise<{ simulator: GcpSimulator; clock: ManualClock }> {
  const clock = manualClock();
  const simulator = await startGcpSimulator({ clock, ...options });
  onTestFinished(() => simulator.close());
  return { simulator, clock };
}

/** Both ways in which errors reach the caller. */
export const AUTHS = ["http-codes", "grpc-codes"] as const;

/** Google's own clients of the line's project, at their default settings, closed at the end of the test. */
export function clientsOf(
  simulator: Pick<GcpSimulator, "clientOptions">,
  choice: GcpClientChoice = {},
): Required<GcpClients> {
  const options = () => simulator.clientOptions(PROJECT, choice);
  const commitments = new RegionCommitmentsClient(options());
  const operations = new RegionOperationsClient(options());
  const recommender = new RecommenderClient(options());
  onTestFinished(async () => {
    await Promise.all([commitments.close(), operations.close(), recommender.close()]);
  });
  return { commitments, operations, recommender };
}

/** The adapter over some clients; it waits little. */
export const providerOf = (clients: GcpClients, options: Partial<GcpProviderOptions> = {}) =>
  gcpCommittedUseDiscounts({ clientFor: () => clients, pollEveryMs: 1, pollForMs: 20, ...options });

/** The context of a call that nothing stops. */
export const context = (more: Partial<PurchaseContext> = {}): PurchaseContext => ({
  signal: new AbortController().signal,
  logger: silentLogger,
  now: Date.now(),
  lineageAttempt: 1,
  beforeWire() {},
  ...more,
});

/** What `prepare` finds for the line. */
export const PREPARED: Prepared = { reference: NAME, detail: { name: NAME, requestId: uuidV4Shaped(TOKEN) } };

/** A permit as the engine's write-ahead mints it. */
export const permitFor = (
  request: GcpComputeRequest = computeRequest(),
  prepared: Prepared = PREPARED,
): PurchasePermit<GcpComputeRequest> =>
  mintPermit({
    request,
    token: TOKEN,
    attempt: 1,
    submittedAt: Date.now(),
    prepared,
  }) as PurchasePermit<GcpComputeRequest>;

/** Buys the usual line over some clients. */
export const purchase = (
  clients: GcpClients,
  more: Partial<PurchaseContext> = {},
  options: Partial<GcpProviderOptions> = {},
): Promise<PurchaseOutcome> => providerOf(clients, options).purchase(permitFor(), context(more));

/** The requests of one operation that reached the simulator. */
export async function seen({ ledger }: GcpSimulator, operation: string): Promise<SeenRequest[]> {
  return (await ledger.requests()).filter((request) => request.operation === operation);
}

/** Google's clients, pointed at a server in front of the simulator that may answer itself. */
export async function behindFront(
  simulator: GcpSimulator,
  answer?: (request: RawRequest) => RawAnswer | undefined,
  choice: GcpClientChoice = {},
) {
  const front = await startFrontServer(simulator.url, answer);
  const clientOptions: GcpSimulator["clientOptions"] = (...what) => clientOptionsFor(front.url, ...what);
  return { front, clients: clientsOf({ clientOptions }, choice) };
}

/** An answer with a JSON body. */
export const json = (status: number, body: unknown): RawAnswer => ({
  status,
  headers: { "content-type": "application/json; charset=UTF-8" },
  body: JSON.stringify(body),
});

/** An error as Compute Engine words it. */
export const computeError = (code: number, reason: string, message = reason) =>
  json(code, { error: { code, message, errors: [{ message, domain: "global", reason }] } });

/** Buys by hand, under a name, what the usual line describes, by default. */
export async function insertByHand({ commitments }: GcpClients, name: string, vcpu = "4"): Promise<void> {
  const resources = [
    { type: "VCPU", amount: vcpu },
    { type: "MEMORY", amount: "16384" },
  ];
  const plain = { plan: "TWELVE_MONTH", category: "MACHINE", autoRenew: false, description: "" };
  const commitmentResource = { ...plain, name, type: TYPE, resources };
  const asked = { project: PROJECT, region: REGION, requestId: randomUUID(), commitmentResource };
  await commitments.insert(asked, CALL);
}

/** How a call by hand is made. */
export const CALL = { timeout: 5_000, retry: null } as const;

/** What a call throws, which it must. */
export const thrownBy = (call: Promise<unknown> | undefined): Promise<BuyonceError> =>
  Promise.resolve(call).then(
    (answer) => expect.unreachable(`answered ${JSON.stringify(answer)}`),
    (thrown: BuyonceError) => thrown,
  );
