import canonicalize from "canonicalize";
import type { Clock, EpochMs } from "../domain/clock.js";
import type { CustomRequest } from "../domain/commitment-request/custom.js";
import type {
  CommitmentProvider,
  ExistingCommitment,
  InventoryItem,
  PurchaseOutcome,
} from "../providers/commitment-provider.js";
import type { IdempotencyContract } from "../domain/idempotency-contract.js";
import type { PurchasePermit } from "../providers/purchase-permit.js";

/** One commitment that exists in the simulated cloud. */
export interface LedgerEntry {
  readonly commitmentId: string;
  /** The token of the permit under which the request was sent: what the oracle counts by, whatever the label says. */
  readonly token: string;
  readonly account: string;
  readonly lane: string;
  readonly quantity: number;
  readonly landedAt: EpochMs;
  /** One per request that took effect; several entries share it where the cloud split a purchase. */
  readonly requestId: string;
}

/** What happens to one purchase request, in the order in which requests are sent. */
export type PurchaseFault =
  /** It lands and the reply arrives. */
  | { readonly kind: "none" }
  /** It lands and the reply is lost. */
  | { readonly kind: "lost-reply" }
  /** It never lands, and nobody learns it. */
  | { readonly kind: "lost-request" }
  /** The reply is lost and the request lands after `ms`, if its lifetime allows. */
  | { readonly kind: "late-landing"; readonly ms: number }
  /** The cloud says "not now" before doing anything. */
  | { readonly kind: "throttled" }
  /** The cloud refuses. */
  | { readonly kind: "rejected" }
  /** It lands as several commitments, as where it crosses a volume tier. */
  | { readonly kind: "split" };

/** What a simulated cloud can be told to do wrong. */
export interface SimulatedFaults {
  /** One per purchase request, then `none` for ever. */
  readonly purchases?: readonly PurchaseFault[];
  /** One per lookup or inventory call: whether it fails. */
  readonly lookups?: readonly boolean[];
  /** One per label call: whether it fails. */
  readonly labels?: readonly boolean[];
  /** One per commitment: how long listings do not show it, at most the contract's visibility lag. */
  readonly listingLagsMs?: readonly number[];
}

/** Options of {@link simulatedCloud}. */
export interface SimulatedCloudOptions {
  readonly contract: IdempotencyContract;
  readonly clock: Clock;
  readonly faults?: SimulatedFaults;
  /** Default `custom.simulated`. */
  readonly service?: CustomRequest["service"];
  /** Awaited between the last check before the wire and the wire, where a real process may freeze. */
  readonly onWire?: () => Promise<void>;
}

/** An in-memory cloud: a provider for the engine and the ledger that is the oracle of every test. */
export interface SimulatedCloud {
  readonly provider: CommitmentProvider<CustomRequest>;
  /** Every commitment that exists now. */
  ledger(): readonly LedgerEntry[];
  /**
   * Somebody else buys the same offering: an entry under a token of nobody here, shown without a token, or with its
   * own one if it is labeled.
   */
  buyElsewhere(request: CustomRequest, options?: { readonly labeled?: boolean }): LedgerEntry;
  /** Requests that reached the cloud, bought or not, with what they carried. */
  requests(): readonly SimulatedRequest[];
  /** The next purchase request meets this fault; the script goes on after it. */
  strike(fault: PurchaseFault): void;
  /** Listings show no commitment that is younger than this, at most the contract's visibility lag. */
  hideYounger(ms: number): void;
  /** Faults that are still to come are dropped. */
  heal(): void;
}

/** One purchase request that reached the simulated cloud. */
export interface SimulatedRequest {
  readonly token: string;
  readonly reference: string;
  readonly lane: string;
  readonly quantity: number;
  readonly at: EpochMs;
  /** What came back of it; `unknown` where a fault lost the request or the reply. */
  readonly answer: PurchaseOutcome["kind"];
}

interface Arrival {
  readonly permit: PurchasePermit<CustomRequest>;
  readonly at: EpochMs;
}

interface Commitment extends LedgerEntry {
  readonly visibleFrom: EpochMs;
  readonly reference: string;
  label: string | undefined;
}

/** What is bought, and under which token. */
type Order = Pick<PurchasePermit<CustomRequest>, "request" | "token" | "prepared">;

/** The lane of a custom request: its account, region and offering, whatever the order in which a store gives its keys. */
export const laneOf = ({ account, region, offering }: CustomRequest): string =>
  String(canonicalize([account, region, offering]));

/**
 * A cloud in memory that keeps exactly the idempotency contract it is given, with scripted faults.
 *
 * It refuses requests older than the contract's request lifetime, forgets tokens and order ids after the window, hides
 * new commitments for up to the visibility lag, and lets late requests land late. Its ledger counts by the token that
 * reached it, so it shows a double purchase whatever the books of the library say.
 */
export function simulatedCloud(options: SimulatedCloudOptions): SimulatedCloud {
  const { contract, clock, service = "custom.simulated", onWire = async () => {} } = options;
  const commitments: Commitment[] = [];
  const seen: SimulatedRequest[] = [];
  const struck: PurchaseFault[] = [];
  let hiddenMs = 0;
  let arrivals: Arrival[] = [];
  let faults = { ...options.faults };
  const counters = { purchase: 0, lookup: 0, label: 0, request: 0, order: 0, commitment: 0 };

  const landArrivals = () => {
    const due = arrivals.filter((arrival) => arrival.at <= clock.now()).sort((a, b) => a.at - b.at);
    arrivals = arrivals.filter((arrival) => arrival.at > clock.now());
    for (const { permit, at } of due) land(permit, at, false);
  };

  const land = (
    permit: PurchasePermit<CustomRequest>,
    at: EpochMs,
    split: boolean,
  ): "expired" | readonly Commitment[] => {
    if (at > permit.submittedAt + contract.maxRequestLifetimeMs) return "expired";
    const known = commitments.filter((one) => isSamePurchase(one, permit, at, contract));
    if (known.length > 0) return known;
    counters.request += 1;
    const { quantity } = permit.request;
    const parts = split && quantity > 1 ? [1, quantity - 1] : [quantity];
    const fresh = parts.map((part) => newCommitment(permit, part, at, `req-${counters.request}`));
    commitments.push(...fresh);
    return fresh;
  };

  const newCommitment = (
    { request, token, prepared }: Order,
    quantity: number,
    at: EpochMs,
    requestId: string,
  ): Commitment => {
    const lag = Math.min(faults.listingLagsMs?.[counters.commitment] ?? 0, contract.visibilityLagMs);
    counters.commitment += 1;
    return {
      commitmentId: `c-${counters.commitment}`,
      token,
      account: request.account,
      lane: laneOf(request),
      quantity,
      landedAt: at,
      requestId,
      visibleFrom: at + lag,
      reference: prepared.reference,
      label: contract.kind === "none" ? undefined : token,
    };
  };

  const visible = () => {
    landArrivals();
    return commitments.filter((one) => Math.max(one.visibleFrom, one.landedAt + hiddenMs) <= clock.now());
  };

  const failIfScripted = (kind: "lookup" | "label") => {
    const script = kind === "lookup" ? faults.lookups : faults.labels;
    counters[kind] += 1;
    if (script?.[counters[kind] - 1]) throw new Error(`simulated ${kind} failure`);
  };

  const purchase = (permit: PurchasePermit<CustomRequest>): PurchaseOutcome => {
    const outcome = answered(permit);
    const { token, request, prepared } = permit;
    seen.push({
      token,
      reference: prepared.reference,
      lane: laneOf(request),
      quantity: request.quantity,
      at: clock.now(),
      answer: outcome.kind,
    });
    return outcome;
  };

  const answered = (permit: PurchasePermit<CustomRequest>): PurchaseOutcome => {
    landArrivals();
    const fault = struck.shift() ?? faults.purchases?.[counters.purchase++] ?? { kind: "none" };
    if (fault.kind === "throttled") return { kind: "not_now", reason: "throttled" };
    if (fault.kind === "rejected")
      return { kind: "rejected", rejection: { code: "SimulatedRefusal", message: "refused" } };
    if (fault.kind === "lost-request") return { kind: "unknown", reason: "no reply" };
    if (fault.kind === "late-landing") {
      arrivals.push({ permit, at: clock.now() + fault.ms });
      return { kind: "unknown", reason: "no reply" };
    }
    const landed = land(permit, clock.now(), fault.kind === "split" && contract.kind === "none");
    if (landed === "expired")
      return { kind: "rejected", rejection: { code: "RequestExpired", message: "the signature is too old" } };
    if (fault.kind === "lost-reply") return { kind: "unknown", reason: "the reply was lost" };
    return {
      kind: "committed",
      commitment: { commitmentIds: landed.map((one) => one.commitmentId), startedAt: clock.now() },
    };
  };

  const provider: CommitmentProvider<CustomRequest> = {
    service,
    idempotency: contract,
    async lookup(request, token, context): Promise<ExistingCommitment | undefined> {
      failIfScripted("lookup");
      const hits = visible().filter((one) =>
        contract.kind === "server-minted" ? one.reference === context.prepared?.reference : one.label === token,
      );
      return hits.length === 0 ? undefined : found(hits, request.quantity);
    },
    async prepare(request, token) {
      if (contract.kind === "none") {
        failIfScripted("lookup");
        return {
          reference: laneOf(request),
          lane: laneOf(request),
          snapshot: inLane(visible(), request).map((one) => one.commitmentId),
        };
      }
      if (contract.kind !== "server-minted") return { reference: token };
      counters.order += 1;
      return { reference: `order-${counters.order}` };
    },
    async purchase(permit, context) {
      context.beforeWire();
      await onWire();
      return purchase(permit);
    },
    async inventory(request, _token): Promise<readonly InventoryItem[]> {
      failIfScripted("lookup");
      return inLane(visible(), request).map((one) => ({
        commitmentId: one.commitmentId,
        quantity: one.quantity,
        startedAt: one.landedAt,
        ...(one.label === undefined ? {} : { token: one.label }),
      }));
    },
    ...(contract.kind === "none" && {
      async label(commitment: { readonly commitmentIds: readonly string[] }, token: string) {
        failIfScripted("label");
        for (const one of commitments) if (commitment.commitmentIds.includes(one.commitmentId)) one.label = token;
        return undefined;
      },
    }),
  };

  return {
    provider,
    ledger() {
      landArrivals();
      return commitments.map(entryOf);
    },
    buyElsewhere(request, { labeled = false } = {}) {
      landArrivals();
      counters.request += 1;
      const token = `elsewhere-${counters.request}`;
      const prepared = { reference: token };
      const fresh = newCommitment(
        { request, token, prepared },
        request.quantity,
        clock.now(),
        `req-${counters.request}`,
      );
      commitments.push({ ...fresh, label: labeled ? token : undefined });
      return entryOf(fresh);
    },
    requests: () => seen.map((request) => ({ ...request })),
    strike(fault) {
      struck.push(fault);
    },
    hideYounger(ms) {
      hiddenMs = Math.min(ms, contract.visibilityLagMs);
    },
    heal() {
      struck.length = 0;
      hiddenMs = 0;
      faults = { ...(faults.listingLagsMs && { listingLagsMs: faults.listingLagsMs }) };
    },
  };
}

const entryOf = ({ label: _, visibleFrom: __, reference: ___, ...entry }: Commitment): LedgerEntry => entry;

const inLane = (commitments: readonly Commitment[], request: CustomRequest): readonly Commitment[] =>
  commitments.filter((one) => one.lane === laneOf(request));

function isSamePurchase(one: Commitment, permit: PurchasePermit, at: EpochMs, contract: IdempotencyContract): boolean {
  const remembered = contract.windowMs === null || at < one.landedAt + contract.windowMs;
  if (contract.kind === "native-token") return one.token === permit.token && remembered;
  if (contract.kind === "caller-named") return one.token === permit.token;
  return contract.kind === "server-minted" && one.reference === permit.prepared.reference && remembered;
}

function found(hits: readonly Commitment[], quantity: number): ExistingCommitment {
  const total = hits.reduce((sum, one) => sum + one.quantity, 0);
  return {
    commitmentIds: hits.map((one) => one.commitmentId),
    startedAt: Math.min(...hits.map((one) => one.landedAt)),
    labeled: true,
    differences: total === quantity ? [] : [`quantity: expected ${quantity}, found ${total}`],
  };
}
