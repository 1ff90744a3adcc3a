import { AdvanceableClock, wallClock } from "../clock.js";
import { deliver } from "../deliver.js";
import { deterministicId } from "../deterministic-id.js";
import type { Exchange } from "../exchange.js";
import { FaultPlan } from "../fault-plan.js";
import { HeldWork } from "../held-work.js";
import type { LedgerPurchase } from "../ledger.js";
import { RequestLog } from "../request-log.js";
import type { ServedCore } from "../serve-simulator.js";
import type { WireRequest } from "../wire.js";
import { AzureError } from "./azure-error.js";
import type { AzureService } from "./azure-service.js";
import { azureServices } from "./azure-services.js";
import { type AzureSimulatorOptions, readAzureSettings } from "./azure-simulator-options.js";
import { type Dispatched, dispatch, faultAnswers, processRequest } from "./dispatch.js";
import { OperationResults } from "./orders/operation-results.js";
import { ReservationPrices } from "./reservations/reservation-prices.js";
import { Routes } from "./routing.js";

/** The simulated Azure itself, without a socket: services, prices, faults, and the books about all of it. */
export class AzureCore implements ServedCore {
  readonly clock: AdvanceableClock;
  readonly faults = new FaultPlan();
  readonly requests = new RequestLog();
  readonly held: HeldWork;
  readonly prices: ReservationPrices;
  readonly #services: readonly AzureService[];
  readonly #routes: Routes;
  #number = 0;
  #requestNumber = 0;

  constructor({ clock = wallClock, ...options }: AzureSimulatorOptions) {
    const settings = readAzureSettings(options);
    this.clock = new AdvanceableClock(clock);
    this.held = new HeldWork(this.clock);
    this.prices = new ReservationPrices(settings.prices);
    const operations = new OperationResults(settings);
    this.#services = azureServices({ settings, prices: this.prices, operations, nextNumber: () => ++this.#number });
    this.#routes = new Routes([operations.get, ...this.#services.flatMap((service) => service.operations)]);
  }

  purchases(): LedgerPurchase[] {
    this.held.runDue();
    const rows = this.#services.flatMap((service) => service.commitments(this.clock.now()));
    return structuredClone(rows.sort((a, b) => a.purchaseId.localeCompare(b.purchaseId)));
  }

  setState(commitmentId: string, state: string): void {
    this.held.runDue();
    const now = this.clock.now();
    const known = this.#services.some((service) => service.setState(commitmentId, state, now));
    if (!known) throw new TypeError(`no commitment ${commitmentId} was bought`);
  }

  handle(request: WireRequest, exchange: Exchange): void {
    this.held.runDue();
    const dispatched = dispatch(request, this.#routes, deterministicId(`request:${++this.#requestNumber}`));
    if (dispatched === undefined) exchange.answer({ status: 404, headers: {}, body: "no such service here" });
    else this.#deliver(dispatched, exchange);
  }

  #deliver(request: Dispatched, exchange: Exchange): void {
    const note = this.requests.open(logEntry(request, this.clock.now()));
    const { delivery: fault, effects } = this.#faultsFor(request);
    const process = () => processRequest(request, { now: this.clock.now(), effects });
    deliver({ answers: faultAnswers(request, this.clock.now()), exchange, held: this.held, process, note }, fault);
  }

  /** A request that is refused in any case uses up no fault. */
  #faultsFor({ asked, service, operation, params, account = "", region = "" }: Dispatched) {
    if (asked instanceof AzureError) return { effects: [] };
    return this.faults.take({ service, operation, params, account, region });
  }
}

function logEntry({ service, operation, params, account, region }: Dispatched, at: number) {
  return { service, operation, at, params, ...(account && { account }), ...(region && { region }) };
}
