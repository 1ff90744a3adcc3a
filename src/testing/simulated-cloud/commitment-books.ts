import type { EpochMs } from "../../domain/clock.js";
import { termHours } from "../../domain/commitment-request/common.js";
import type { CustomRequest } from "../../domain/commitment-request/custom.js";
import type { IdempotencyContract } from "../../domain/idempotency-contract.js";
import type { Sighting } from "../../providers/commitment-provider.js";
import type { PurchasePermit } from "../../providers/purchase-permit.js";
import { type Compared, comparedOf, type ListedAttribute, laneOf } from "./custom-line.js";

/** One commitment that exists in the simulated cloud. */
export interface LedgerEntry {
  readonly commitmentId: string;
  /** The token of the permit under which the request was sent. The oracle counts by it, not by the label. */
  readonly token: string;
  readonly service: CustomRequest["service"];
  readonly account: string;
  readonly region: string;
  /** What was bought and where, as `offeringOf` gives it. */
  readonly offering: string;
  /** As `laneOf` gives it. */
  readonly lane: string;
  readonly quantity: number;
  /** When the request was written ahead, by its permit. For a purchase of somebody else: when it landed. */
  readonly submittedAt: EpochMs;
  readonly landedAt: EpochMs;
  /** The request that took effect. If the cloud split a purchase, its entries have the same one. */
  readonly requestId: string;
  /** Whether money was owed for it at any time: true if it has ended or is unclear, false if it is void. */
  readonly live: boolean;
  /** The state that the cloud shows. Absent if the cloud shows none, which means `live`. */
  readonly sighting?: Sighting;
}

/** A commitment with the facts that only the cloud knows. */
export interface Commitment extends Compared, Omit<LedgerEntry, "live" | "sighting"> {
  /** The name or token in the request: the line's token, or a name derived from it for a retry. */
  readonly name: string;
  readonly reference: string;
  readonly visibleFrom: EpochMs;
  /** The end of the term. */
  readonly endsAt: EpochMs;
  /** The contract of the provider that sent the request. */
  readonly sentUnder: IdempotencyContract;
  readonly label: string | undefined;
  /** The state that was set. */
  readonly sighting: Sighting | undefined;
  /** The attributes that listings leave out. */
  readonly leftOut: ReadonlySet<ListedAttribute>;
}

/** A purchase request as it reaches the cloud, with its token and name. */
export interface Order extends Pick<PurchasePermit<CustomRequest>, "request" | "token" | "prepared" | "submittedAt"> {
  readonly name: string;
  readonly sentUnder: IdempotencyContract;
}

/** Where and when one commitment of an order lands. */
export interface Landing {
  readonly commitmentId: string;
  readonly requestId: string;
  readonly quantity: number;
  readonly at: EpochMs;
  readonly lagMs: number;
}

/** Whether a state is final: a void commitment stays void, and an ended one stays ended. */
export const isFinal = (sighting: Sighting | undefined): boolean =>
  sighting?.meaning === "void" || sighting?.meaning === "ended";

/** The commitment that an order becomes. */
export function commitmentOf(order: Order, { at, lagMs, ...landing }: Landing): Commitment {
  const { request, token, name, prepared, sentUnder, submittedAt } = order;
  return {
    ...landing,
    ...comparedOf(request),
    token,
    name,
    service: request.service,
    account: request.account,
    region: request.region,
    lane: laneOf(request),
    submittedAt,
    landedAt: at,
    reference: prepared.reference,
    visibleFrom: at + Math.min(lagMs, sentUnder.visibilityLagMs),
    endsAt: at + termHours(request.term) * 3_600_000,
    sentUnder,
    label: sentUnder.kind === "none" ? undefined : name,
    sighting: undefined,
    leftOut: new Set(),
  };
}

/** The state that the cloud shows at a time: the state that was set, or that the term is over. */
export function sightingOf({ sighting, endsAt }: Commitment, now: EpochMs): Sighting | undefined {
  if (isFinal(sighting)) return sighting;
  return now >= endsAt && sighting?.meaning !== "pending" ? { meaning: "ended", state: "expired" } : sighting;
}

/** The ledger's entry of a commitment. */
export function entryOf(one: Commitment, now: EpochMs): LedgerEntry {
  const { commitmentId, token, service, account, region, offering, lane, quantity, submittedAt, landedAt, requestId } =
    one;
  const sighting = sightingOf(one, now);
  return {
    commitmentId,
    token,
    service,
    account,
    region,
    offering,
    lane,
    quantity,
    submittedAt,
    landedAt,
    requestId,
    live: sighting?.meaning !== "void",
    ...(sighting && { sighting }),
  };
}

/** Whether the cloud takes a request at this time for the request that made the commitment. */
export function isDeduped(one: Commitment, { name, prepared }: Order, at: EpochMs): boolean {
  const { kind, windowMs } = one.sentUnder;
  const isRemembered = windowMs === null || at < one.landedAt + windowMs;
  if (kind === "native-token") return one.name === name && isRemembered;
  if (kind === "caller-named") return one.name === name;
  return kind === "server-minted" && one.reference === prepared.reference && isRemembered;
}
