import { lackingProblems, refuse } from "../domain/options.js";
import { type Arrival, faultAnswers, processArrival } from "./arrival.js";
import { AdvanceableClock, type SimulatorClock } from "./clock.js";
import { deliver } from "./deliver.js";
import type { Exchange } from "./exchange.js";
import { FaultPlan, type FaultsOfCall } from "./fault-plan.js";
import { HeldWork } from "./held-work.js";
import type { LedgerPurchase } from "./ledger.js";
import { RequestLog } from "./request-log.js";
import type { ServedCore } from "./serve-simulator.js";
import { SimulatedError } from "./simulated-error.js";
import type { WireRequest } from "./wire.js";

/** A service as the books see it. A service that sells nothing has neither function. */
export interface Seller {
  /** Every commitment it ever created, with states and tags as of `now`. */
  commitments?(now: number): readonly LedgerPurchase[];
  /** Sets the state of its commitments with this id from `at` on, and returns whether there is one. */
  setState?(commitmentId: string, state: string, at: number): boolean;
}

/** A simulated cloud without a socket: clock, faults, and the books about what its services do. */
export abstract class SimulatedCloud implements ServedCore {
  readonly clock: AdvanceableClock;
  readonly faults = new FaultPlan(() => this.operations());
  readonly requests = new RequestLog();
  readonly held: HeldWork;

  /** Throws `INVALID_REQUEST` if the clock is none. */
  constructor(clock: SimulatorClock) {
    refuse(lackingProblems("options.clock", clock, ["now"]));
    this.clock = new AdvanceableClock(clock);
    this.held = new HeldWork(this.clock);
  }

  /** Every service of the cloud. */
  protected abstract readonly services: readonly Seller[];

  /** The names of all operations of its services. */
  protected abstract operations(): readonly string[];

  /** Finds out who asks for what; `undefined` if the request is for no service here. Changes nothing. */
  protected abstract dispatch(request: WireRequest): Arrival | undefined;

  /** The time, once everything that is due by it has landed. */
  settledNow(): number {
    this.held.runDue();
    return this.clock.now();
  }

  purchases(): LedgerPurchase[] {
    const now = this.settledNow();
    const rows = this.services.flatMap((service) => service.commitments?.(now) ?? []);
    return structuredClone(rows.sort((a, b) => a.purchaseId.localeCompare(b.purchaseId)));
  }

  setState(commitmentId: string, state: string): void {
    const now = this.settledNow();
    const known = this.services.map((service) => service.setState?.(commitmentId, state, now));
    if (!known.includes(true)) throw new TypeError(`no commitment ${commitmentId} was bought`);
  }

  handle(request: WireRequest, exchange: Exchange): void {
    this.held.runDue();
    const arrival = this.dispatch(request);
    if (arrival === undefined) exchange.answer({ status: 404, headers: {}, body: "no such service here" });
    else this.#deliver(arrival, exchange);
  }

  #deliver(arrival: Arrival, exchange: Exchange): void {
    const now = this.clock.now();
    const note = this.requests.open(logEntry(arrival, now));
    const { delivery: fault, effects } = this.#faultsFor(arrival);
    const process = () => processArrival(arrival, { now: this.clock.now(), effects });
    deliver({ answers: faultAnswers(arrival, now), exchange, held: this.held, process, note }, fault);
  }

  /** A request that is refused in any case uses up no fault. */
  #faultsFor({ run, service, operation, params, account = "", region = "" }: Arrival): FaultsOfCall {
    if (run instanceof SimulatedError) return { effects: [] };
    return this.faults.take({ service, operation, params, account, region });
  }
}

function logEntry({ service, operation, params, account, region, signedAt }: Arrival, at: number) {
  return {
    service,
    operation,
    at,
    params,
    ...(account && { account }),
    ...(region && { region }),
    ...(signedAt !== undefined && { signedAt }),
  };
}
