import type { Clock, EpochMs } from "../domain/clock.js";
import type { CustomRequest } from "../domain/commitment-request/custom.js";
import { CONTRACT_KINDS, type IdempotencyContract } from "../domain/idempotency-contract.js";
import { invalidArgument } from "../domain/input-problem.js";
import { checkFunctions, checkKeys, type KeysOf } from "../domain/options.js";
import type { CommitmentProvider, PurchaseOutcome, Sighting } from "../providers/commitment-provider.js";
import type { PurchasePermit } from "../providers/purchase-permit.js";
import { entryOf, type LedgerEntry, type Order } from "./simulated-cloud/commitment-books.js";
import { type CommitmentShelf, commitmentShelf } from "./simulated-cloud/commitment-shelf.js";
import { LISTED_ATTRIBUTES, type ListedAttribute, laneOf, offeringOf } from "./simulated-cloud/custom-line.js";
import { faultScripts } from "./simulated-cloud/fault-scripts.js";
import type { CallFault, HarmlessCall, PurchaseFault, SimulatedFaults } from "./simulated-cloud/faults.js";
import { sightingOfAll } from "./simulated-cloud/listings.js";
import { type CloudAccess, sentNameOf, simulatedProvider } from "./simulated-cloud/simulated-provider.js";

export {
  type CallFault,
  type HarmlessCall,
  type LedgerEntry,
  type ListedAttribute,
  laneOf,
  offeringOf,
  type PurchaseFault,
  type SimulatedFaults,
};

/** Options of {@link simulatedCloud}. */
export interface SimulatedCloudOptions {
  readonly contract: IdempotencyContract;
  readonly clock: Clock;
  readonly faults?: SimulatedFaults;
  /** Default `custom.simulated`. */
  readonly service?: CustomRequest["service"];
  /** Awaited after the last check and before the send, where a real process may freeze. */
  readonly onWire?: () => Promise<void>;
}

const KNOWN: KeysOf<SimulatedCloudOptions> = { contract: true, clock: true, faults: true, service: true, onWire: true };

/** An in-memory cloud: a provider for the engine and the ledger that is the oracle of every test. */
export interface SimulatedCloud {
  readonly provider: CommitmentProvider<CustomRequest>;
  /**
   * Another version of the provider, which declares other bounds and reaches the same cloud.
   *
   * The contract of the provider that sent a request says how long the request lives, is remembered and stays hidden.
   * Throws `INVALID_REQUEST` for a contract of another kind.
   */
  providerUnder(contract: IdempotencyContract): CommitmentProvider<CustomRequest>;
  /** Every commitment that exists now, whatever its state. */
  ledger(): readonly LedgerEntry[];
  /**
   * Lets somebody else buy the same offering, and returns the new entry of the ledger.
   *
   * The entry has a foreign token. Listings show that token only if the entry is `labeled`.
   */
  buyElsewhere(request: CustomRequest, options?: { readonly labeled?: boolean }): LedgerEntry;
  /** Every purchase request that reached the cloud, whether it bought something or not. */
  requests(): readonly SimulatedRequest[];
  /** The next purchase request meets this fault. After it, the script goes on. */
  strike(fault: PurchaseFault): void;
  /** The next call of this kind meets this fault. After it, the script goes on. */
  strikeCall(call: HarmlessCall, fault: CallFault): void;
  /**
   * Gives a commitment a state. Throws `INVALID_REQUEST` if no commitment has this id.
   *
   * A commitment that is void stays void, and one that has ended stays ended, as at a real cloud: a later state is
   * ignored. A commitment whose term is over has ended, unless it is void or pending.
   */
  setState(commitmentId: string, sighting: Sighting): void;
  /** Listings leave attributes of these commitments out. `all` includes later commitments. Default: the offering. */
  leaveOut(commitmentIds: readonly string[] | "all", attributes?: readonly ListedAttribute[]): void;
  /** Listings hide commitments younger than `ms`, but never for longer than the visibility lag of their contract. */
  hideYounger(ms: number): void;
  /** Drops the faults that are still to come, and makes listings whole again. States stay as they are. */
  heal(): void;
}

/** One purchase request that reached the simulated cloud. */
export interface SimulatedRequest {
  readonly token: string;
  readonly reference: string;
  /** As `offeringOf` gives it. */
  readonly offering: string;
  readonly lane: string;
  readonly quantity: number;
  readonly at: EpochMs;
  /** The answer to the request: `unknown` if a fault lost the request or reply, or if the provider behaved oddly. */
  readonly answer: PurchaseOutcome["kind"];
}

/**
 * A cloud in memory that keeps exactly the idempotency contract it is given, with scripted faults.
 *
 * The cloud refuses requests older than the contract's request lifetime. It forgets tokens and order ids after the
 * window. It hides new commitments for up to the visibility lag, and lets late requests land late. It shows every
 * commitment in any state. Its ledger counts by the token that reached the cloud. So the ledger shows a double
 * purchase, whatever the books of the library say.
 */
export function simulatedCloud(options: SimulatedCloudOptions): SimulatedCloud {
  checkKeys("options", options, KNOWN);
  checkFunctions("options.clock", options.clock, ["now"]);
  if (!CONTRACT_KINDS.includes(options.contract?.kind))
    throw invalidArgument("options.contract.kind", `must be one of ${CONTRACT_KINDS.join(", ")}`);
  const { contract, clock, service = "custom.simulated", onWire = async () => {} } = options;
  const scripts = faultScripts(options.faults ?? {}, contract.kind === "none");
  const shelf = commitmentShelf(clock, scripts.nextLagMs);
  const seen: SimulatedRequest[] = [];
  const counters = { orders: 0, elsewhere: 0 };
  const access: CloudAccess = {
    service,
    clock,
    scripts,
    onWire,
    visible: shelf.visible,
    label: shelf.label,
    mintOrder() {
      counters.orders += 1;
      return `order-${counters.orders}`;
    },
    async carryOut(permit, sentUnder) {
      const fault = scripts.nextPurchase();
      const outcome = answered(shelf, clock, { order: orderOf(permit, sentUnder), fault });
      seen.push({ ...seenOf(permit), at: clock.now(), answer: outcome.kind });
      return strange(fault, outcome);
    },
  };
  return {
    provider: simulatedProvider(access, contract),
    providerUnder(declared) {
      if (declared.kind === contract.kind) return simulatedProvider(access, declared);
      throw invalidArgument(
        "contract.kind",
        `must be "${contract.kind}", which this cloud keeps, not "${declared.kind}"`,
      );
    },
    ledger: () => shelf.all().map((one) => entryOf(one, clock.now())),
    buyElsewhere(request, options = {}) {
      checkKeys("options", options, { labeled: true });
      const { labeled = false } = options;
      counters.elsewhere += 1;
      const token = `elsewhere-${counters.elsewhere}`;
      const prepared = { reference: token };
      const order = { request, token, name: token, prepared, submittedAt: clock.now(), sentUnder: contract };
      const ids = shelf.add(order, [request.quantity]).map(({ commitmentId }) => commitmentId);
      const [bought] = shelf.label(ids, labeled ? token : undefined);
      if (bought === undefined) throw new TypeError("the simulated cloud did not record the foreign purchase");
      return entryOf(bought, clock.now());
    },
    requests: () => seen.map((request) => ({ ...request })),
    strike: scripts.strike,
    strikeCall: scripts.strikeCall,
    setState(commitmentId, sighting) {
      if (shelf.setState([commitmentId], sighting).length === 0)
        throw invalidArgument("commitmentId", `must be the id of a commitment; none has the id ${commitmentId}`);
    },
    leaveOut(which, attributes = ["offering"]) {
      const unknown = attributes.filter((name) => !LISTED_ATTRIBUTES.includes(name));
      if (unknown.length > 0)
        throw invalidArgument("attributes", `must be attributes of listings; they have no ${unknown.join(", ")}`);
      shelf.leaveOut(which, attributes);
    },
    hideYounger: shelf.hideYounger,
    heal() {
      shelf.heal();
      scripts.heal();
    },
  };
}

const orderOf = (permit: PurchasePermit<CustomRequest>, sentUnder: IdempotencyContract): Order => {
  const { request, token, prepared, submittedAt } = permit;
  return { request, token, prepared, submittedAt, sentUnder, name: sentNameOf(prepared, token) };
};

const seenOf = ({ token, request, prepared }: PurchasePermit<CustomRequest>) => ({
  token,
  reference: prepared.reference,
  offering: offeringOf(request),
  lane: laneOf(request),
  quantity: request.quantity,
});

interface Sent {
  readonly order: Order;
  readonly fault: PurchaseFault;
}

/** Carries an order out as far as its fault allows, and returns what a correct provider would answer. */
function answered(shelf: CommitmentShelf, clock: Clock, { order, fault }: Sent): PurchaseOutcome {
  if (fault.kind === "throttled") return { kind: "not_now", reason: "throttled" };
  if (fault.kind === "rejected") return refusal("SimulatedRefusal", "refused");
  if (fault.kind === "late-landing") shelf.landLater(order, fault.ms);
  if (fault.kind === "late-landing" || fault.kind === "lost-request") return NO_REPLY;
  if ("lands" in fault && !fault.lands) return NO_REPLY;
  const landed = shelf.land(order, quantitiesOf(order, fault));
  if ("lands" in fault) return NO_REPLY;
  if (landed === "expired") return refusal("RequestExpired", "the signature is too old");
  if (fault.kind === "lost-reply") return { kind: "unknown", reason: "the reply was lost" };
  const commitmentIds = landed.map((one) => one.commitmentId);
  const shown = fault.kind === "lands-as" ? shelf.setState(commitmentIds, fault.sighting) : landed;
  const sighting = sightingOfAll(shown, clock.now());
  return { kind: "committed", commitment: { commitmentIds, startedAt: clock.now() }, ...(sighting && { sighting }) };
}

const NO_REPLY: PurchaseOutcome = { kind: "unknown", reason: "no reply" };

const refusal = (code: string, message: string): PurchaseOutcome => ({
  kind: "rejected",
  rejection: { code, message },
});

/** The quantities of the commitments that a request becomes. Only a cloud without dedupe splits purchases. */
function quantitiesOf({ request: { quantity }, sentUnder }: Order, fault: PurchaseFault): readonly number[] {
  const isSplit = fault.kind === "split" && sentUnder.kind === "none" && quantity > 1;
  return isSplit ? [1, quantity - 1] : [quantity];
}

/** The answer of a provider that behaves oddly. */
function strange(fault: PurchaseFault, outcome: PurchaseOutcome): PurchaseOutcome | Promise<PurchaseOutcome> {
  switch (fault.kind) {
    case "odd-answer":
      // The cast is wanted: this fault answers with values that the port does not know.
      return fault.outcome as PurchaseOutcome;
    case "throws":
      throw fault.thrown;
    case "hangs":
      return new Promise<never>(() => {});
    default:
      return outcome;
  }
}
