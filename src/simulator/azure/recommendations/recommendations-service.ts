import type { AzureService } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import type { OrderShelf } from "../orders/order-shelf.js";
import type { ReservationOrder } from "../reservations/reservation-order.js";
import type { SavingsPlanOrder } from "../savings-plans/savings-plan-order.js";
import { benefitRecommendations } from "./benefit-recommendations.js";
import { listSubscriptions } from "./list-subscriptions.js";
import { reservationRecommendations } from "./reservation-recommendations.js";

/** What was bought, of which the recommendations are computed. */
export interface BoughtOrders {
  readonly reservations: OrderShelf<ReservationOrder>;
  readonly savingsPlans: OrderShelf<SavingsPlanOrder>;
}

/** Recommends what usage lacks, by subscription. It sells nothing. */
export function recommendationsService(world: AzureWorld, { reservations, savingsPlans }: BoughtOrders): AzureService {
  return {
    operations: [
      reservationRecommendations(world, reservations),
      benefitRecommendations(world, savingsPlans),
      listSubscriptions(world),
    ],
    commitments: () => [],
    setState: () => false,
  };
}
