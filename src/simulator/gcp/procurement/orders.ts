import Big from "big.js";
import type { LedgerPurchase } from "../../ledger.js";
import type { GcpSettings } from "../gcp-simulator-options.js";
import { orderName, type PlacedOrder, stateAt } from "./placed-order.js";

/** Every order that was ever accepted, of all billing accounts. */
export class Orders {
  readonly #orders: PlacedOrder[] = [];
  readonly #settings: GcpSettings;

  constructor(settings: GcpSettings) {
    this.#settings = settings;
  }

  add(order: PlacedOrder): void {
    this.#orders.push(order);
  }

  /** The orders that a billing account shows as of `moment`. A failed order is removed. */
  shown(account: string, moment: number): PlacedOrder[] {
    return this.#orders.filter((order) => order.account === account && this.#isShown(order, moment));
  }

  /** The last order under this request id, if it is still remembered. */
  rememberedUnder(account: string, requestId: string, now: number): PlacedOrder | undefined {
    const last = this.#orders.findLast(
      (order) => order.account === account && order.requestId?.toLowerCase() === requestId.toLowerCase(),
    );
    return last && now < last.placedAt + this.#settings.orderRequestIdMemoryMs ? last : undefined;
  }

  /** The order that an operation made or changed. */
  byOperation(account: string, operationId: string): PlacedOrder | undefined {
    return this.#orders.find(
      (order) =>
        order.account === account &&
        (order.operationId === operationId || order.renewals.some((renewal) => renewal.operationId === operationId)),
    );
  }

  /** What is committed per hour to an offer in a region as of `moment`, from the order of a commitment to its end. */
  committed(place: { billingAccount: string; offer: string; region: string }, moment: number): Big {
    return this.#bought()
      .filter(({ account, info, placedAt }) => {
        return account === place.billingAccount && info.offer === place.offer && placedAt <= moment;
      })
      .filter((order) => regionOf(order) === place.region && !ENDED.test(stateAt(order, moment)))
      .reduce((sum, order) => sum.plus(hourlyOf(order)), new Big(0));
  }

  /** Every commitment there is or will be, with its state as of `now`. */
  commitments(now: number): LedgerPurchase[] {
    return this.#bought().map((order) => ledgerRow(order, now));
  }

  /** Sets the state of the order with this name from `at` on, and returns whether there is one. */
  setState(name: string, state: string, at: number): boolean {
    const order = this.#bought().find((one) => orderName(one) === name);
    order?.states.set(state, at);
    return order !== undefined;
  }

  #isShown({ failure, placedAt, doneAt }: PlacedOrder, moment: number): boolean {
    if (moment < doneAt) return this.#settings.visibleWhileRunning && moment >= placedAt;
    return failure === undefined;
  }

  #bought(): PlacedOrder[] {
    return this.#orders.filter((order) => order.failure === undefined);
  }
}

/** States of an order that is over, or never took effect. */
const ENDED = /_REASON_TYPE_|_(REJECTED|ABANDONED)$/;

const parameterOf = ({ info }: PlacedOrder, wanted: string) =>
  info.parameters.find(({ name }) => name === wanted)?.value;

const regionOf = (order: PlacedOrder): string => parameterOf(order, "region")?.stringValue ?? "global";

function hourlyOf(order: PlacedOrder): string {
  const { doubleValue, int64Value } = parameterOf(order, "hourly_commit") ?? {};
  return String(doubleValue ?? int64Value ?? "0");
}

function ledgerRow(order: PlacedOrder, now: number): LedgerPurchase {
  return {
    service: "gcp.spend",
    account: order.account,
    region: regionOf(order),
    commitmentId: orderName(order),
    purchaseId: String(order.number).padStart(12, "0"),
    offeringId: order.info.offer,
    quantity: 1,
    commitment: hourlyOf(order),
    token: order.displayName,
    tags: {},
    state: stateAt(order, now),
    purchasedAt: order.placedAt,
  };
}
