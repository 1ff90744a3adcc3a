import type { CustomRequest } from "../../../src/domain/commitment-request/custom.js";
import { BuyonceError } from "../../../src/domain/errors.js";
import type { IdempotencyContract } from "../../../src/domain/idempotency-contract.js";
import { isWithinTolerance, type Money } from "../../../src/domain/money.js";
import type {
  CommitmentProvider,
  PurchaseContext,
  PurchaseOutcome,
  SightingMeaning,
} from "../../../src/providers/commitment-provider.js";
import type { PurchasePermit } from "../../../src/providers/purchase-permit.js";
import { type StateTable, sightingIn } from "../../../src/providers/state-table.js";
import { untilAborted } from "../../../src/providers/until-aborted.js";
import { type ManualClock, manualClock } from "../../../src/testing/manual-clock.js";
import type {
  CloudAbility,
  CloudFault,
  CloudUnderTest,
  ProviderFixture,
} from "../../../src/testing/provider-contract.js";
import { LISTED_ATTRIBUTES } from "../../../src/testing/simulated-cloud/custom-line.js";
import { type PurchaseFault, type SimulatedCloud, simulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { simulatedLine } from "../../support/purchase-fixture.js";

const REQUEST = simulatedLine();
const UNSOLD = simulatedLine({ offering: { size: "unsold" } });
const PRICE: Money = REQUEST.expectedPrice;

/** What the states of the shop mean. */
export const SHOP_STATES: StateTable = {
  active: { means: "live", because: "it is paid for" },
  "payment-pending": { means: "live", because: "its payment is under way" },
  creating: { means: "pending", because: "the order is not carried out yet" },
  modified: { means: "ended", because: "others were made from it" },
  returned: { means: "ended", because: "it was bought and given back" },
  "payment-failed": { means: "void", because: "nothing is owed if the payment fails" },
  "queued-deleted": { means: "void", because: "it was deleted before it started" },
  retired: { means: "unclear", endedIf: "its term is over", because: "an exchange retires it early" },
};

const PAYMENT_FAILED = "payment-failed";

const wordsFor = (meaning: SightingMeaning): readonly string[] =>
  Object.entries(SHOP_STATES).flatMap(([word, { means }]) => (means === meaning ? word : []));

const IN_MEMORY = "the cloud in memory has no wire";

const CANNOT: Readonly<Partial<Record<CloudAbility, string>>> = {
  "error-before": IN_MEMORY,
  "error-after": IN_MEMORY,
  "reply-cut": IN_MEMORY,
  "reply-empty": IN_MEMORY,
  "reply-garbled": IN_MEMORY,
  queue: "the cloud in memory does not queue",
};

/** What the fixture over a cloud in memory with this contract cannot do. */
export const shopCannot = ({ kind }: IdempotencyContract): Readonly<Partial<Record<CloudAbility, string>>> =>
  kind === "none" ? CANNOT : { ...CANNOT, lane: "what is bought is told apart by its token" };

/** The gate in front of the cloud in memory: what can be reached, and whose credentials these are. */
interface Gate {
  listing: "open" | "fails" | "denied";
  reachable: boolean;
}

/** A fixture over a cloud in memory that keeps a contract of any kind, with a price list and accounts put before it. */
export function simulatedShop(contract: IdempotencyContract): ProviderFixture {
  const clock: ManualClock = manualClock();
  const cloud = simulatedCloud({ contract, clock });
  const gate: Gate = { listing: "open", reachable: true };
  return {
    provider: shopProvider(cloud.provider, gate, REQUEST.account),
    stranger: shopProvider(cloud.provider, gate, "acct-2"),
    request: REQUEST,
    different: { ...REQUEST, quantity: 3 },
    unsold: UNSOLD,
    siblings: [
      { ...REQUEST, payment: "all_upfront" },
      { ...REQUEST, term: "3yr" },
      { ...REQUEST, offering: { size: "l" } },
    ],
    clock,
    cloud: cloudUnderTest(cloud, gate),
  };
}

function shopProvider(
  inner: CommitmentProvider<CustomRequest>,
  gate: Gate,
  credentials: string,
): CommitmentProvider<CustomRequest> {
  const enter = ({ account }: CustomRequest) => {
    if (account !== credentials) throw new BuyonceError("ACCOUNT_MISMATCH", `These are credentials of ${credentials}.`);
    if (gate.listing !== "open") throw new Error(`the listing ${gate.listing}`);
  };
  return {
    ...inner,
    async lookup(request, token, context) {
      enter(request);
      return inner.lookup(request, token, context);
    },
    async prepare(request, token, context) {
      enter(request);
      checkOffer(request);
      return { ...(await inner.prepare(request, token, context)), price: PRICE };
    },
    async purchase(permit, context) {
      if (permit.request.account !== credentials) return { kind: "not_sent", reason: "another account" };
      if (gate.reachable) return patiently(inner, permit, context);
      context.beforeWire();
      return { kind: "not_sent", reason: "no connection" };
    },
    ...(inner.inventory && {
      async inventory(request: CustomRequest, token, context) {
        enter(request);
        return (await inner.inventory?.(request, token, context)) ?? [];
      },
    }),
  } satisfies CommitmentProvider<CustomRequest>;
}

/** Buys, and gives the wait for a reply up with the signal, when nothing is known of the purchase. */
async function patiently(
  inner: CommitmentProvider<CustomRequest>,
  permit: PurchasePermit<CustomRequest>,
  context: PurchaseContext,
): Promise<PurchaseOutcome> {
  const wire = { isOpen: false };
  const beforeWire = () => {
    context.beforeWire();
    wire.isOpen = true;
  };
  const sent = inner.purchase(permit, { ...context, beforeWire });
  return untilAborted(sent, context.signal).catch((thrown: unknown) => {
    if (!wire.isOpen) throw thrown;
    return { kind: "unknown", reason: "no reply in time" };
  });
}

function checkOffer({ offering, expectedPrice, priceTolerancePercent = 1 }: CustomRequest): void {
  if (offering["size"] === UNSOLD.offering["size"]) throw new BuyonceError("OFFERING_NOT_FOUND", "Not sold here.");
  if (!isWithinTolerance(PRICE, expectedPrice, priceTolerancePercent))
    throw new BuyonceError("PRICE_DRIFT", `It costs ${PRICE.amount} ${PRICE.currency}.`);
}

function cloudUnderTest(cloud: SimulatedCloud, gate: Gate): CloudUnderTest {
  return {
    async purchases() {
      return cloud.ledger().map((entry) => ({ ...entry, purchaseId: entry.requestId }));
    },
    requests: async () => cloud.requests().map(({ at: _, answer: __, ...parameters }) => ({ parameters })),
    fault: async (fault) => strike(fault, cloud, gate),
    async heal() {
      cloud.heal();
      Object.assign(gate, { listing: "open", reachable: true } satisfies Gate);
    },
    refusalCode: "SimulatedRefusal",
    buyElsewhere: async () => cloud.buyElsewhere(REQUEST).commitmentId,
    setState: async (commitmentId, state) => cloud.setState(commitmentId, sightingIn(SHOP_STATES, state)),
    states: {
      live: wordsFor("live"),
      pending: wordsFor("pending"),
      ended: wordsFor("ended"),
      void: wordsFor("void"),
      unclear: wordsFor("unclear"),
      finished: "active",
    },
    optionalAttributes: LISTED_ATTRIBUTES,
    async leaveOut(attributes) {
      cloud.leaveOut(
        "all",
        LISTED_ATTRIBUTES.filter((name) => attributes.includes(name)),
      );
    },
  };
}

function strike(fault: CloudFault, cloud: SimulatedCloud, gate: Gate): void {
  if (fault.kind === "lookup-fails") gate.listing = "fails";
  else if (fault.kind === "lookup-denied") gate.listing = "denied";
  else if (fault.kind === "unreachable") gate.reachable = false;
  else if (fault.kind === "stale-listing") cloud.hideYounger(fault.ms);
  else cloud.strike(inMemory(fault));
}

function inMemory(fault: CloudFault): PurchaseFault {
  switch (fault.kind) {
    case "request-lost":
      return { kind: "lost-request" };
    case "reply-lost":
      return { kind: "lost-reply" };
    case "throttled":
      return { kind: "throttled" };
    case "refused":
      return { kind: "rejected" };
    case "lands-late":
      return { kind: "late-landing", ms: fault.ms };
    case "no-reply":
      return { kind: "hangs", lands: true };
    case "payment-fails":
      return { kind: "lands-as", sighting: sightingIn(SHOP_STATES, PAYMENT_FAILED) };
    default:
      throw new TypeError(`a cloud in memory cannot do "${fault.kind}"`);
  }
}
