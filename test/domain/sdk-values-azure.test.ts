import {
  KnownReservedResourceType as KnownAliasResourceType,
  KnownTerm as KnownBenefitTerm,
} from "@azure/arm-billingbenefits";
import { KnownLocation, KnownReservationTerm, KnownReservedResourceType } from "@azure/arm-reservations";
import { azureReservations, azureSavingsPlans } from "buyonce/azure";
import { describe, expect, test } from "vitest";
import { AZURE_RESERVED_RESOURCE_TYPES } from "../../src/domain/commitment-request/azure-reservations.js";
import type { CommitmentRequest } from "../../src/domain/commitment-request/commitment-request.js";
import type { AnyTerm } from "../../src/domain/commitment-request/common.js";
import { silentLogger } from "../../src/domain/logger.js";
import { createPurchaseEngine } from "../../src/engine/purchase-engine.js";
import { TERMS } from "../../src/providers/azure/spelling.js";
import { memoryStore } from "../../src/stores/memory/memory-store.js";
import { planRequest, reservationRequest, usd } from "../providers/azure/azure-lines.js";

/** Submits a line to an engine whose clients cannot be had; it is stored as it is. */
async function expectTaken(line: CommitmentRequest): Promise<void> {
  const clientFor = (): never => expect.fail("the cloud was to be reached");
  const providers = [azureReservations({ clientFor }), azureSavingsPlans({ clientFor })];
  const engine = createPurchaseEngine({ store: memoryStore(), providers, logger: silentLogger });
  const { lines } = await engine.submit({ requestKey: "key", createdBy: "ann", lines: [line] });
  expect(lines.map(({ request }) => request)).toEqual([line]);
}

/** The term of a line that Azure spells so. */
function termOf(spelling: string): AnyTerm {
  const [term] = (Object.keys(TERMS) as AnyTerm[]).filter((key) => TERMS[key] === spelling);
  return term ?? expect.fail(`no term is spelled ${spelling}`);
}

describe("every value of the installed SDKs passes submit", () => {
  const types = new Set<string>([
    ...Object.values(KnownReservedResourceType),
    ...Object.values(KnownAliasResourceType),
    ...AZURE_RESERVED_RESOURCE_TYPES,
  ]);
  test.each([...types])("as the resource type %s", async (reservedResourceType) => {
    await expectTaken(reservationRequest({ reservedResourceType }));
  });

  // A month is sold of provisioned throughput, and the SDK does not list it.
  test.each(["P1M", ...Object.values(KnownReservationTerm)])("as the term %s of a reservation", async (spelling) => {
    await expectTaken(reservationRequest({ term: termOf(spelling) }));
  });

  test.each(Object.values(KnownBenefitTerm))("as the term %s of a savings plan", async (spelling) => {
    const term = termOf(spelling);
    const years = Number(spelling.slice(1, -1));
    if (term === "1mo") expect.fail("no plan is sold for a month");
    await expectTaken(planRequest({ term, expectedPrice: usd(String(4380 * years)) }));
  });

  test.each(Object.values(KnownLocation))("as the location %s", async (region) => {
    await expectTaken(reservationRequest({ region }));
  });
});

test("every resource type of the installed SDKs is known to the hints", () => {
  expect(AZURE_RESERVED_RESOURCE_TYPES).toEqual(expect.arrayContaining(Object.values(KnownReservedResourceType)));
});

test.each(["virtualMachines", "Functions", "SoldSinceYesterday"])(
  "the type %s, which is not known today, passes submit too, because Azure judges it",
  async (reservedResourceType) => {
    await expectTaken(reservationRequest({ reservedResourceType }));
  },
);
