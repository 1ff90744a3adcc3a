import { AdvanceableClock, wallClock } from "../clock.js";
import { deliver } from "../deliver.js";
import type { Exchange } from "../exchange.js";
import { FaultPlan } from "../fault-plan.js";
import { HeldWork } from "../held-work.js";
import type { LedgerPurchase } from "../ledger.js";
import { RequestLog } from "../request-log.js";
import type { ServedCore } from "../serve-simulator.js";
import type { WireRequest } from "../wire.js";
import { computeService } from "./compute/compute-service.js";
import { type Dispatched, dispatch, faultAnswers, processRequest } from "./dispatch.js";
import type { GcpService } from "./gcp-service.js";
import { type GcpSettings, type GcpSimulatorOptions, readGcpSettings } from "./gcp-simulator-options.js";
import { ProjectNumbers } from "./project-numbers.js";
import { Recommendations } from "./recommender/recommendations.js";
import { recommenderService } from "./recommender/recommender-service.js";

/** The simulated Google Cloud itself, without a socket: services, recommendations, faults, and the books about it all. */
export class GcpCore implements ServedCore {
  readonly clock: AdvanceableClock;
  readonly faults = new FaultPlan();
  readonly requests = new RequestLog();
  readonly held: HeldWork;
  readonly recommendations: Recommendations;
  readonly #settings: GcpSettings;
  readonly #projects = new ProjectNumbers();
  readonly #services: readonly GcpService[];
  #number = 0;

  constructor({ clock = wallClock, ...options }: GcpSimulatorOptions) {
    this.#settings = readGcpSettings(options);
    this.clock = new AdvanceableClock(clock);
    this.held = new HeldWork(this.clock);
    const world = { settings: this.#settings, projects: this.#projects, nextNumber: () => ++this.#number };
    this.recommendations = new Recommendations(world, this.clock.now());
    this.#services = [computeService(world), recommenderService(world, this.recommendations)];
  }

  /** The time, now that everything has landed that is due by it. */
  settledNow(): number {
    this.held.runDue();
    return this.clock.now();
  }

  purchases(): LedgerPurchase[] {
    const now = this.settledNow();
    return structuredClone(this.#services.flatMap((service) => service.commitments?.(now) ?? []));
  }

  setState(commitmentId: string, state: string): void {
    const now = this.settledNow();
    const known = this.#services.map((service) => service.setState?.(commitmentId, state, now));
    if (!known.includes(true)) throw new TypeError(`no commitment ${commitmentId} was bought`);
  }

  handle(request: WireRequest, exchange: Exchange): void {
    this.held.runDue();
    const { principals } = this.#settings;
    const dispatched = dispatch(request, { services: this.#services, principals, projects: this.#projects });
    if (dispatched === undefined) exchange.answer({ status: 404, headers: {}, body: "no such service here" });
    else this.#deliver(dispatched, exchange);
  }

  #deliver(request: Dispatched, exchange: Exchange): void {
    const note = this.requests.open(this.#logEntry(request));
    const { delivery: fault, effects } = this.#faultsFor(request);
    const process = () => processRequest(request, { now: this.clock.now(), effects });
    deliver({ answers: faultAnswers(request), exchange, held: this.held, process, note }, fault);
  }

  /** A request that is refused in any case uses up no fault. */
  #faultsFor({ refused, place, operation, service, params }: Dispatched) {
    if (refused || place === undefined) return { effects: [] };
    return this.faults.take({ operation, params, account: place.project, service: service.name, region: place.region });
  }

  #logEntry({ service, operation, place, params }: Dispatched) {
    const entry = { service: service.name, operation, at: this.clock.now(), params };
    return place === undefined ? entry : { ...entry, account: place.project, region: place.region };
  }
}
