// Buys one reservation order from the simulator at the URL it is given, and says what it was answered.
import { AzureReservationAPI } from "@azure/arm-reservations";
import { connectAzureSimulator } from "../../../src/simulator/azure/connect-azure-simulator.js";

const { httpClient, credentialFor } = connectAzureSimulator(process.argv[2] ?? "");
const subscription = "11111111-1111-4111-8111-111111111111";
const client = new AzureReservationAPI(credentialFor(subscription), { httpClient });
const body = {
  sku: { name: "Standard_B1ls" },
  location: "westus",
  reservedResourceType: "VirtualMachines",
  billingScopeId: subscription,
  term: "P1Y",
  quantity: 1,
  appliedScopeType: "Shared",
};
const { properties } = await client.reservationOrder.calculate(body);
const bought = properties?.reservationOrderId ?? "";
const links: Record<string, string | undefined> = {};
await client.reservationOrder.beginPurchase(bought, body, {
  onResponse: ({ headers }) => {
    links["location"] ??= headers.get("location");
  },
});
console.log(JSON.stringify({ bought, links }));
