import type { Clock } from "../../domain/clock.js";
import type { CustomRequest } from "../../domain/commitment-request/custom.js";
import { BuyonceError } from "../../domain/errors.js";
import type { Prepared } from "../../domain/evidence.js";
import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import { fingerprint } from "../../idempotency/fingerprint.js";
import type {
  CommitmentProvider,
  ExistingCommitment,
  LabelResult,
  ProviderContext,
  PurchaseOutcome,
} from "../../providers/commitment-provider.js";
import type { PurchasePermit } from "../../providers/purchase-permit.js";
import { answerOf } from "../../providers/state-table.js";
import { type Commitment, sightingOf } from "./commitment-books.js";
import { laneOf, nameOf, namesOf, offeringOf } from "./custom-line.js";
import type { FaultScripts } from "./fault-scripts.js";
import { foundOf, inventoryOf, type Look, sightingOfAll } from "./listings.js";

/** The cloud as a provider reaches it. */
export interface CloudAccess {
  readonly service: CustomRequest["service"];
  readonly clock: Clock;
  readonly scripts: FaultScripts;
  /** What listings show now. */
  visible(): readonly Commitment[];
  /** A new order id. */
  mintOrder(): string;
  /** Awaited after the last check and before the send. */
  onWire(): Promise<void>;
  /** Carries a purchase out, as far as its fault allows. */
  carryOut(permit: PurchasePermit<CustomRequest>, sentUnder: IdempotencyContract): Promise<PurchaseOutcome>;
  /** Puts a label on commitments, and returns them. */
  label(commitmentIds: readonly string[], label: string): readonly Commitment[];
}

/** A version of the provider. The cloud takes its requests by the contract that the version declares. */
export function simulatedProvider(
  cloud: CloudAccess,
  contract: IdempotencyContract,
): CommitmentProvider<CustomRequest> {
  const { service, scripts } = cloud;
  const lookOf = (request: CustomRequest, token: string, context: ProviderContext): Look => ({
    request,
    token,
    names: namesOf(token, context.lineageAttempt),
    now: cloud.clock.now(),
  });
  return {
    service,
    idempotency: contract,
    lookup: (request, token, context) =>
      scripts.meet("lookup", () => lookedUp(cloud, contract, { look: lookOf(request, token, context), context })),
    prepare: (request, token, context) =>
      scripts.meet("prepare", () => prepared(cloud, contract, lookOf(request, token, context))),
    async purchase(permit, context) {
      context.beforeWire();
      await cloud.onWire();
      return cloud.carryOut(permit, contract);
    },
    inventory: (request, token, context) =>
      scripts.meet("inventory", () => inventoryOf(cloud.visible(), lookOf(request, token, context))),
    ...(contract.kind === "none" && {
      label: ({ commitmentIds }: { readonly commitmentIds: readonly string[] }, token: string) =>
        scripts.meet("label", () => labeled(cloud, commitmentIds, token)),
    }),
  };
}

interface Question {
  readonly look: Look;
  readonly context: ProviderContext;
}

function lookedUp(
  cloud: CloudAccess,
  { kind }: IdempotencyContract,
  { look, context: { prepared, lineageAttempt } }: Question,
): ExistingCommitment | undefined {
  const visible = cloud.visible();
  if (kind === "server-minted") return foundOf(ordered(visible, prepared), look);
  const labeledForLine = visible.filter(({ label }) => label !== undefined && look.names.includes(label));
  const purchases = purchasesIn(labeledForLine).map((parts) => ({
    parts,
    name: nameOfParts(parts, prepared?.snapshot ?? []),
    sighting: sightingOfAll(parts, look.now) ?? ({ meaning: "live" } as const),
  }));
  const sentAs = prepared && sentNameOf(prepared, look.token);
  const answer = answerOf(purchases, { lineageAttempt, sentAs });
  return foundOf(
    answer.flatMap(({ parts }) => parts),
    look,
  );
}

/** The name of a purchase. Under contract `none` a line's purchases share a label; the snapshot tells earlier ones. */
function nameOfParts([first]: readonly Commitment[], snapshot: readonly string[]): string {
  if (first === undefined || snapshot.includes(first.commitmentId)) return "an earlier purchase";
  return first.label ?? "";
}

/** The commitments, grouped by the purchase that made them. */
const purchasesIn = (listed: readonly Commitment[]): readonly (readonly Commitment[])[] =>
  [...new Set(listed.map(({ requestId }) => requestId))].map((requestId) =>
    listed.filter((one) => one.requestId === requestId),
  );

const ordered = (listed: readonly Commitment[], prepared: Prepared | undefined): readonly Commitment[] =>
  listed.filter((one) => one.reference === prepared?.reference);

/** The name in the request of this write-ahead. It derives from the token of the permit. */
export function sentNameOf({ detail }: Prepared, token: string): string {
  const spent = detail?.["spentNames"];
  return nameOf(token, typeof spent === "number" ? spent : 0);
}

function prepared(cloud: CloudAccess, { kind }: IdempotencyContract, look: Look): Prepared {
  if (kind === "server-minted") return { reference: cloud.mintOrder() };
  const reference = fingerprint(offeringOf(look.request));
  const listed = cloud.visible();
  if (kind !== "none") return { reference, ...spentIn(listed, look) };
  const lane = laneOf(look.request);
  return {
    reference,
    lane,
    // The snapshot has the whole lane, because a listing may state an attribute now and leave it out later.
    snapshot: listed.filter((one) => one.lane === lane).map((one) => one.commitmentId),
  };
}

/** The number of names that void purchases have spent, for the write-ahead. Throws `NAME_SPENT` if all are spent. */
function spentIn(listed: readonly Commitment[], { names, now }: Look): Pick<Prepared, "detail"> {
  const isSpent = (name: string) =>
    listed.some((one) => one.label === name && sightingOf(one, now)?.meaning === "void");
  const spentNames = names.findIndex((name) => !isSpent(name));
  if (spentNames === -1) throw new BuyonceError("NAME_SPENT", "Every name of the line has a void purchase.");
  return spentNames === 0 ? {} : { detail: { spentNames } };
}

function labeled(cloud: CloudAccess, commitmentIds: readonly string[], token: string): LabelResult | undefined {
  const sighting = sightingOfAll(cloud.label(commitmentIds, token), cloud.clock.now());
  return sighting && { commitmentIds, sighting };
}
