import type { AzureService } from "./azure-service.js";
import type { AzureWorld } from "./azure-world.js";
import { OrderShelf } from "./orders/order-shelf.js";
import { recommendationsService } from "./recommendations/recommendations-service.js";
import { reservationRow } from "./reservations/reservation-order.js";
import { reservationsService } from "./reservations/reservations-service.js";
import { savingsPlanRow } from "./savings-plans/savings-plan-order.js";
import { savingsPlansService } from "./savings-plans/savings-plans-service.js";

/** Every simulated service; the core looks nowhere else. */
export function azureServices(world: AzureWorld): AzureService[] {
  const reservations = new OrderShelf(world.settings, reservationRow);
  const savingsPlans = new OrderShelf(world.settings, savingsPlanRow);
  return [
    reservationsService(world, reservations),
    savingsPlansService(world, savingsPlans),
    recommendationsService(world, { reservations, savingsPlans }),
  ];
}
