import { COMMON_CONTROLS, type ControlTable } from "../control-surface.js";
import type { ConnectedAzureSimulator } from "./azure-simulator.js";
import { reservationPriceSchema } from "./reservations/reservation-prices.js";

/** The controls of a simulated Azure. */
export const AZURE_CONTROLS: ControlTable<ConnectedAzureSimulator> = {
  ...COMMON_CONTROLS,
  "GET prices": ({ prices }) => prices.list(),
  "POST prices": ({ prices }, body) => prices.set(reservationPriceSchema.parse(body)),
};
