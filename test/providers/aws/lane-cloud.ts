import type { AwsSimulatorOptions, Fault, ReservedNodesOffering } from "buyonce/simulator";
import { onTestFinished } from "vitest";
import type { Prepared } from "../../../src/domain/evidence.js";
import type { ProviderContext } from "../../../src/providers/commitment-provider.js";
import { type Answer, changeAnswers } from "./changed-answers.js";
import type { LaneOptions, LaneService } from "./lane-services.js";
import { ACCOUNT, context, permitFor, type Simulated, seen, simulated, TOKEN } from "./simulated-line.js";

/** A fault, without the operation it strikes. */
export type Trouble = { [Kind in Fault as Kind["kind"]]: Omit<Kind, "operation"> }[Fault["kind"]];

/** Whose client it is, and how the adapter is set. */
export interface LaneSettings extends LaneOptions {
  readonly account?: string;
  readonly region?: string;
  readonly endpoint?: string;
}

/** A simulator with a client and a provider of the line's account. */
export async function laneCloud(service: LaneService, options: AwsSimulatorOptions = {}, settings: LaneSettings = {}) {
  const cloud = await simulated(options);
  const { client, provider, buy } = openLane(cloud, service, settings);
  const { request, operations } = service;
  const now = (more: Partial<ProviderContext> = {}) => context({ now: cloud.clock.now(), ...more });
  return {
    ...cloud,
    client,
    provider,
    buy,
    fault: (at: keyof LaneService["operations"], trouble: Trouble) =>
      cloud.simulator.faults.add({ ...trouble, operation: operations[at] } as Fault),
    asked: (at: keyof LaneService["operations"]) => seen(cloud, operations[at]),
    lookup: (more: Partial<ProviderContext> = {}) => provider.lookup(request, TOKEN, now(more)),
    prepare: (line = request, more: Partial<ProviderContext> = {}) => provider.prepare(line, TOKEN, now(more)),
    inventory: async (prepared?: Prepared, line = request) =>
      (await provider.inventory?.(line, TOKEN, now(prepared && { prepared }))) ?? [],
    purchase: (prepared: Prepared, line = request) =>
      provider.purchase(permitFor(line, prepared, cloud.clock.now()), now()),
    /** The ids of everything that was ever bought. */
    boughtIds: async () => (await cloud.simulator.ledger.purchases()).map(({ commitmentId }) => commitmentId),
  };
}
export type LaneCloud = Awaited<ReturnType<typeof laneCloud>>;

/** A client, closed at the end of the test, and a provider that uses it. */
export function openLane(
  { simulator }: Pick<Simulated, "simulator">,
  service: LaneService,
  { account = ACCOUNT, region = "us-east-1", endpoint = simulator.url, ...options }: LaneSettings = {},
) {
  const opened = service.open({ endpoint, region, credentials: simulator.credentialsFor(account) }, options);
  onTestFinished(() => opened.client.destroy());
  return opened;
}

/** Changes every offering that a service lists. */
export const changeOfferings = (
  { client }: Pick<LaneCloud, "client">,
  { operations, lists }: LaneService,
  change: (offering: Answer) => void,
): void =>
  changeAnswers(client, operations.offerings, (output) => (output[lists.offerings] as Answer[]).forEach(change));

/** Changes every reservation that a service lists, and the part of it that has the terms of its offering. */
export const changeReservations = (
  { client }: Pick<LaneCloud, "client">,
  { operations, lists, fields }: LaneService,
  change: (reservation: Answer, terms: Answer) => void,
): void =>
  changeAnswers(client, operations.reservations, (output) => {
    for (const reservation of output[lists.reservations] as Answer[])
      change(reservation, fields.terms === undefined ? reservation : (reservation[fields.terms] as Answer));
  });

/** An offering of reserved nodes like the line's. */
export const offeringLike = (
  offeringId: string,
  more: Pick<ReservedNodesOffering, "service" | "nodeType"> & Partial<ReservedNodesOffering>,
): ReservedNodesOffering => ({
  offeringId,
  region: "us-east-1",
  offeringType: "All Upfront",
  durationSeconds: 31_536_000,
  fixedPrice: 0,
  hourlyPrice: 0,
  ...more,
});

/** A catalogue that sells nothing else. */
export const sellingOnly = (...reservedNodes: readonly ReservedNodesOffering[]) => ({
  offerings: { replace: true, reservedNodes },
});
