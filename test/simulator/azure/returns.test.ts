import type { AzureReservationAPI, CalculateRefundRequest } from "@azure/arm-reservations";
import { describe, expect, it } from "vitest";
import { buy, OTHER_SUBSCRIPTION, reservationsFor, send, simulatedAzure, VIRTUAL_MACHINES } from "./simulated-azure.js";

const UPFRONT = { ...VIRTUAL_MACHINES, billingPlan: "Upfront" };

/** What a return of so many units asks for. */
async function refundOf(client: AzureReservationAPI, id: string, quantity: number): Promise<CalculateRefundRequest> {
  const order = await client.reservationOrder.get(id);
  const reservationId = order.reservations?.[0]?.id ?? expect.fail("the order has no reservation");
  return { id: order.id ?? "", properties: { scope: "Reservation", reservationToReturn: { reservationId, quantity } } };
}

/** Calculates a return and carries it out. */
async function returned(client: AzureReservationAPI, id: string, quantity: number) {
  const refund = await refundOf(client, id, quantity);
  const { properties } = await client.calculateRefund.post(id, refund);
  const sessionId = properties?.sessionId ?? expect.fail("the calculation has no session");
  const body = { properties: { ...refund.properties, sessionId, returnReason: "testing" } };
  return await client.return.beginPostAndWait(id, body);
}

describe("the calculation of a refund", () => {
  it("gives back what was paid less what is used up, and changes nothing", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const id = await buy(client, UPFRONT);
    await simulator.clock.advance(73 * 86_400_000);
    const answer = await client.calculateRefund.post(id, await refundOf(client, id, 1));
    expect(answer).toMatchObject({
      id: expect.stringMatching(`^/providers/Microsoft.Capacity/reservationOrders/${id}/reservations/`),
      properties: {
        sessionId: expect.any(String),
        quantity: 1,
        billingRefundAmount: { currencyCode: "USD", amount: 25.54 },
        pricingRefundAmount: { currencyCode: "USD", amount: 25.54 },
        policyResult: {
          properties: {
            consumedRefundsTotal: { currencyCode: "USD", amount: 0 },
            maxRefundLimit: { currencyCode: "USD", amount: 50_000 },
            policyErrors: [],
          },
        },
        billingInformation: {
          billingPlan: "Upfront",
          completedTransactions: 1,
          totalTransactions: 1,
          billingCurrencyTotalPaidAmount: { currencyCode: "USD", amount: 31.92 },
          billingCurrencyProratedAmount: { currencyCode: "USD", amount: 6.38 },
          billingCurrencyRemainingCommitmentAmount: { currencyCode: "USD", amount: 0 },
        },
      },
    });
    expect(await client.reservationOrder.get(id)).toMatchObject({ provisioningState: "Succeeded" });
  });

  it("counts the payments of a monthly plan that are due, in the currency of the account and of the prices", async () => {
    const simulator = await simulatedAzure({ billingCurrency: "EUR" });
    const client = reservationsFor(simulator);
    const id = await buy(client);
    await simulator.clock.advance(45 * 86_400_000);
    const { properties } = await client.calculateRefund.post(id, await refundOf(client, id, 2));
    expect(properties).toMatchObject({
      billingRefundAmount: { currencyCode: "EUR", amount: 2.77 },
      pricingRefundAmount: { currencyCode: "USD", amount: 3.46 },
      billingInformation: {
        completedTransactions: 2,
        totalTransactions: 12,
        billingCurrencyTotalPaidAmount: { amount: 10.64 },
        billingCurrencyRemainingCommitmentAmount: { amount: 53.2 },
      },
    });
  });

  it("is refused for more than there is, another reservation, an order that is not complete and another subscription", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const id = await buy(client);
    const calculate = async (change: (refund: CalculateRefundRequest) => CalculateRefundRequest, by = client) =>
      await by.calculateRefund.post(id, change(await refundOf(client, id, 1)));
    await expect(client.calculateRefund.post(id, await refundOf(client, id, 3))).rejects.toMatchObject({
      code: "InvalidRefundQuantity",
      statusCode: 400,
    });
    const strange = ({ properties, ...refund }: CalculateRefundRequest) => ({
      ...refund,
      properties: { ...properties, reservationToReturn: { reservationId: "/providers/x", quantity: 1 } },
    });
    await expect(calculate(strange)).rejects.toMatchObject({ code: "ReservationIdNotInReservationOrder" });
    const stranger = reservationsFor(simulator, { subscriptions: [OTHER_SUBSCRIPTION] });
    await expect(calculate((refund) => refund, stranger)).rejects.toMatchObject({ statusCode: 403 });
    await simulator.states.set(id, "Expired");
    await expect(calculate((refund) => refund)).rejects.toMatchObject({
      code: "OperationCannotBePerformedInCurrentState",
    });
  });

  it("says with 200 that a refund beyond the limit would be refused, and then refuses it", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const id = await buy(client, { ...UPFRONT, quantity: 2000 });
    const refund = await refundOf(client, id, 2000);
    const { properties } = await client.calculateRefund.post(id, refund);
    expect(properties?.policyResult?.properties?.policyErrors).toMatchObject([{ code: "RefundLimitExceeded" }]);
    const sessionId = properties?.sessionId ?? "";
    const body = { properties: { ...refund.properties, sessionId } };
    await expect(client.return.beginPost(id, body)).rejects.toMatchObject({ code: "RefundLimitExceeded" });
    expect(await client.reservationOrder.get(id)).toMatchObject({ provisioningState: "Succeeded" });
  });
});

describe("a return", () => {
  it("is accepted with 202, the address of the order and what was calculated", async () => {
    const simulator = await simulatedAzure();
    const client = reservationsFor(simulator);
    const id = await buy(client, UPFRONT);
    const refund = await refundOf(client, id, 2);
    const path = `Microsoft.Capacity/reservationOrders/${id}`;
    const calculated = await send(simulator, "POST", `${path}/calculateRefund`, refund);
    const { sessionId } = (calculated.body as { properties: { sessionId: string } }).properties;
    const answer = await send(simulator, "POST", `${path}/return`, {
      properties: { ...refund.properties, sessionId, returnReason: "testing" },
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get("location")).toBe(`${simulator.url}/providers/${path}?api-version=2022-11-01`);
    expect(answer.headers.get("retry-after")).toBe("120");
    expect(answer.body).toEqual(calculated.body);
  });

  it("of everything cancels the order, after Pending", async () => {
    const simulator = await simulatedAzure({ returnMs: 60_000 });
    const client = reservationsFor(simulator);
    const id = await buy(client, UPFRONT);
    // The SDK's poller ends at the first look, with the order.
    expect(await returned(client, id, 2)).toMatchObject({ name: id, provisioningState: "Pending" });
    await simulator.clock.advance(60_000);
    expect(await client.reservationOrder.get(id)).toMatchObject({
      provisioningState: "Cancelled",
      originalQuantity: 2,
    });
    expect(await simulator.ledger.purchases()).toMatchObject([{ commitmentId: id, state: "Cancelled" }]);
  });

  it("of a part leaves a smaller reservation, whose order runs to its end", async () => {
    const simulator = await simulatedAzure({ returnMs: 60_000 });
    const client = reservationsFor(simulator);
    const id = await buy(client, UPFRONT);
    await returned(client, id, 1);
    await simulator.clock.advance(60_000);
    expect(await client.reservationOrder.get(id)).toMatchObject({
      provisioningState: "Succeeded",
      originalQuantity: 2,
    });
    const [reservation] = (await client.reservation.list(id).byPage().next()).value ?? [];
    expect(reservation).toMatchObject({ properties: { quantity: 1, provisioningState: "Succeeded" } });
    await expect(client.calculateRefund.post(id, await refundOf(client, id, 2))).rejects.toMatchObject({
      code: "InvalidRefundQuantity",
    });
    await simulator.clock.advance(366 * 86_400_000);
    expect(await client.reservationOrder.get(id)).toMatchObject({ provisioningState: "Expired" });
  });

  it("is refused under a session of another order, of another quantity, one that is over and one that is used", async () => {
    const simulator = await simulatedAzure({ sessionMs: 1000 });
    const client = reservationsFor(simulator);
    const [id, other] = [await buy(client, UPFRONT), await buy(client, UPFRONT)];
    const sessionOf = async (order: string) =>
      (await client.calculateRefund.post(order, await refundOf(client, order, 1))).properties?.sessionId ?? "";
    const refused = async (sessionId: string, quantity = 1) => {
      const { properties } = await refundOf(client, id, quantity);
      const attempt = client.return.beginPost(id, { properties: { ...properties, sessionId } });
      await expect(attempt).rejects.toMatchObject({ code: "BadRequest", statusCode: 400 });
    };
    await refused("20000000-0000-0000-0000-000000000000");
    await refused(await sessionOf(other));
    await refused(await sessionOf(id), 2);
    const late = await sessionOf(id);
    await simulator.clock.advance(1000);
    await refused(late);
    const used = await sessionOf(id);
    const { properties } = await refundOf(client, id, 1);
    await client.return.beginPost(id, { properties: { ...properties, sessionId: used } });
    await refused(used);
  });
});
