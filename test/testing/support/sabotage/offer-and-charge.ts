import { randomUUID } from "node:crypto";
import type { PurchasePermit } from "../../../../src/providers/purchase-permit.js";
import { type Build, ec2, plans, type Sabotage, withFault, withOutcome } from "./sabotage.js";

/** A provider that charges what it likes. */
const charging = (amountOf: (permit: PurchasePermit) => number): Build =>
  withOutcome(ec2, (outcome, permit) => {
    if (outcome.kind !== "committed") return outcome;
    const charge = { amount: String(amountOf(permit)), currency: "USD" };
    return { kind: "committed", commitment: { ...outcome.commitment, charge } };
  });

/** Wrong about what is bought, and for how much. */
export const OFFER_AND_CHARGE: readonly Sabotage[] = [
  {
    fault: "does not check the price",
    noticedBy: "refuses a price that has drifted and sends nothing",
    build: withFault(ec2, (correct, { request: { expectedPrice } }) => ({
      prepare: (request, token, context) => correct.prepare({ ...request, expectedPrice }, token, context),
    })),
  },
  {
    fault: "chooses an offering that does not match",
    noticedBy: "refuses a line that the cloud does not sell and sends nothing",
    build: withFault(ec2, (correct, fixture) => ({
      prepare: (request, token, context) =>
        correct.prepare(request, token, context).catch(() => correct.prepare(fixture.request, token, context)),
    })),
  },
  {
    fault: "chooses at random among several offerings",
    noticedBy: "moves no money by looking, preparing and listing, and prepares the same each time",
    build: withFault(plans, (correct) => ({
      async prepare(...question) {
        return { ...(await correct.prepare(...question)), reference: randomUUID() };
      },
    })),
  },
  {
    fault: "takes a charge that it does not know for 0",
    noticedBy: "buys the line's quantity once, in the line's account, and records what the cloud has",
    build: charging(() => 0),
  },
  {
    fault: "takes the charge of one unit for that of all",
    noticedBy: "buys the line's quantity once, in the line's account, and records what the cloud has",
    build: charging(({ prepared, request }) => Number(prepared.price?.amount) / request.quantity),
  },
];
