import { deterministicId } from "../../deterministic-id.js";
import type { ReservationRequest } from "./reservation-request.js";

interface Session {
  readonly request: ReservationRequest;
  readonly until: number;
}

/** The order ids that price calculations gave out, each good for one purchase while its session lasts. */
export class PriceSessions {
  readonly #sessions = new Map<string, Session>();

  /** Opens a session and returns its order id, which no other calculation ever gets. */
  open(request: ReservationRequest, until: number): string {
    const orderId = deterministicId(`calculated-order:${this.#sessions.size + 1}`);
    this.#sessions.set(orderId, { request, until });
    return orderId;
  }

  /** What was calculated under this order id; `undefined` if nothing was, or the session is over. */
  at(orderId: string, now: number): ReservationRequest | undefined {
    const session = this.#sessions.get(orderId);
    return session !== undefined && now < session.until ? session.request : undefined;
  }
}
