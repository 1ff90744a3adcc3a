import type { AzureService } from "../azure-service.js";
import type { AzureWorld } from "../azure-world.js";
import type { OrderShelf } from "../orders/order-shelf.js";
import { calculatePrice, PriceSessions } from "./calculate-price.js";
import { listCatalog } from "./list-catalog.js";
import { listReservations, listReservationsInOrder } from "./list-reservations.js";
import { putReservationOrder } from "./put-reservation-order.js";
import { getReservation, getReservationOrder, listReservationOrders } from "./read-reservation-orders.js";
import type { ReservationOrder } from "./reservation-order.js";
import { reservationOrderAlias } from "./reservation-order-alias.js";
import { returnReservation } from "./return-reservation.js";

/** Reservations, through both APIs that sell them: an alias leads to an order like any other. */
export function reservationsService(world: AzureWorld, shelf: OrderShelf<ReservationOrder>): AzureService {
  const shop = { world, shelf };
  const sessions = new PriceSessions();
  return {
    operations: [
      calculatePrice(world, sessions),
      putReservationOrder(shop, sessions),
      getReservationOrder(shop),
      listReservationOrders(shop),
      getReservation(shop),
      listReservations(shop),
      listReservationsInOrder(shop),
      listCatalog(world),
      ...returnReservation(shop),
      ...reservationOrderAlias(shop),
    ],
    commitments: (now) => shelf.commitments(now),
    setState: (commitmentId, state, at) => shelf.setState(commitmentId, state, at),
  };
}
