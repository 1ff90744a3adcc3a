import type { CustomRequest } from "../../../src/domain/commitment-request/custom.js";
import { BuyonceError } from "../../../src/domain/errors.js";
import { isWithinTolerance, type Money } from "../../../src/domain/money.js";
import type { CommitmentProvider } from "../../../src/providers/commitment-provider.js";
import type { IdempotencyContract } from "../../../src/domain/idempotency-contract.js";
import { type ManualClock, manualClock } from "../../../src/testing/manual-clock.js";
import type {
  CloudAbility,
  CloudFault,
  CloudUnderTest,
  ProviderFixture,
} from "../../../src/testing/provider-contract.js";
import { type PurchaseFault, type SimulatedCloud, simulatedCloud } from "../../../src/testing/simulated-cloud.js";
import { simulatedLine } from "../../support/purchase-fixture.js";

const REQUEST = simulatedLine();
const UNSOLD = simulatedLine({ offering: { size: "unsold" } });
const PRICE: Money = REQUEST.expectedPrice;

const IN_MEMORY = "the cloud in memory has no wire";
const STATELESS = "the cloud in memory keeps no states";

const CANNOT: Readonly<Partial<Record<CloudAbility, string>>> = {
  "error-before": IN_MEMORY,
  "error-after": IN_MEMORY,
  "reply-cut": IN_MEMORY,
  "reply-empty": IN_MEMORY,
  "reply-garbled": IN_MEMORY,
  "no-reply": IN_MEMORY,
  queue: "the cloud in memory does not queue",
  states: STATELESS,
  pending: STATELESS,
  "payment-fails": STATELESS,
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
      if (gate.reachable) return inner.purchase(permit, context);
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

function checkOffer({ offering, expectedPrice, priceTolerancePercent = 1 }: CustomRequest): void {
  if (offering["size"] !== REQUEST.offering["size"]) throw new BuyonceError("OFFERING_NOT_FOUND", "Not sold here.");
  if (!isWithinTolerance(PRICE, expectedPrice, priceTolerancePercent))
    throw new BuyonceError("PRICE_DRIFT", `It costs ${PRICE.amount} ${PRICE.currency}.`);
}

function cloudUnderTest(cloud: SimulatedCloud, gate: Gate): CloudUnderTest {
  return {
    async purchases() {
      return cloud.ledger().map((entry) => ({ ...entry, purchaseId: entry.requestId, live: true }));
    },
    requests: async () => cloud.requests().map(({ at: _, answer: __, ...parameters }) => ({ parameters })),
    fault: async (fault) => strike(fault, cloud, gate),
    async heal() {
      cloud.heal();
      Object.assign(gate, { listing: "open", reachable: true } satisfies Gate);
    },
    refusalCode: "SimulatedRefusal",
    buyElsewhere: async () => cloud.buyElsewhere(REQUEST).commitmentId,
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
    default:
      throw new TypeError(`a cloud in memory cannot do "${fault.kind}"`);
  }
}
