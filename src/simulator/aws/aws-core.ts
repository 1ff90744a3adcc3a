import { AdvanceableClock, wallClock } from "../clock.js";
import { deliver } from "../deliver.js";
import { deterministicId } from "../deterministic-id.js";
import type { Exchange } from "../exchange.js";
import { FaultPlan } from "../fault-plan.js";
import { HeldWork } from "../held-work.js";
import type { LedgerPurchase } from "../ledger.js";
import { RequestLog } from "../request-log.js";
import type { WireRequest } from "../wire.js";
import { AwsCatalogue } from "./aws-catalogue.js";
import type { AwsService } from "./aws-service.js";
import { awsServices, RESERVED_NODES_PRODUCTS } from "./aws-services.js";
import { type AwsSettings, type AwsSimulatorOptions, readAwsSettings } from "./aws-simulator-options.js";
import { type Dispatched, dispatch, faultAnswers, processRequest } from "./dispatch.js";

/** The simulated AWS itself, without a socket: services, catalogue, faults, and the books about all of it. */
export class AwsCore {
  readonly clock: AdvanceableClock;
  readonly faults = new FaultPlan();
  readonly requests = new RequestLog();
  readonly held: HeldWork;
  readonly catalogue: AwsCatalogue;
  readonly #settings: AwsSettings;
  readonly #services: readonly AwsService[];
  #number = 0;
  #requestNumber = 0;

  constructor({ clock = wallClock, ...options }: AwsSimulatorOptions) {
    this.#settings = readAwsSettings(options);
    this.clock = new AdvanceableClock(clock);
    this.held = new HeldWork(this.clock);
    this.catalogue = new AwsCatalogue(this.#settings.offerings, RESERVED_NODES_PRODUCTS);
    this.#services = awsServices({
      settings: this.#settings,
      catalogue: this.catalogue,
      nextNumber: () => ++this.#number,
    });
  }

  /** Every commitment ever created, in the order of creation. */
  purchases(): LedgerPurchase[] {
    this.held.runDue();
    const now = this.clock.now();
    const rows = this.#services.flatMap((service) => service.commitments(now));
    return structuredClone(rows.sort((a, b) => a.purchaseId.localeCompare(b.purchaseId)));
  }

  /** Sets the state of a commitment from now on; throws `TypeError` if no service lists one under this id. */
  setState(commitmentId: string, state: string): void {
    this.held.runDue();
    const now = this.clock.now();
    const known = this.#services.map((service) => service.setState?.(commitmentId, state, now));
    if (!known.includes(true)) throw new TypeError(`no commitment ${commitmentId} was bought`);
  }

  /** Takes a request in: logs it, lets a planned fault strike it, processes it and sees to its answer. */
  handle(request: WireRequest, exchange: Exchange): void {
    this.held.runDue();
    const dispatched = dispatch(request, {
      services: this.#services,
      accounts: this.#settings.accounts,
      nextRequestId: () => deterministicId(`request:${++this.#requestNumber}`),
    });
    if (dispatched === undefined) exchange.answer({ status: 404, headers: {}, body: "no such service here" });
    else this.#deliver(dispatched, exchange);
  }

  #deliver(request: Dispatched, exchange: Exchange): void {
    const note = this.requests.open(this.#logEntry(request));
    const { delivery: fault, effects } = this.#faultsFor(request);
    const { maxClockSkewMs } = this.#settings;
    const process = () => processRequest(request, { now: this.clock.now(), maxClockSkewMs, effects });
    deliver({ answers: faultAnswers(request), exchange, held: this.held, process, note }, fault);
  }

  /** A request that is refused in any case uses up no fault. */
  #faultsFor({ refusal, account, signature, operation, service, params }: Dispatched) {
    if (refusal !== undefined || account === undefined || signature === undefined) return { effects: [] };
    return this.faults.take({ operation, params, account, service: service.name, region: signature.region });
  }

  #logEntry({ service, operation, account, signature, params }: Dispatched) {
    return {
      service: service.name,
      operation,
      at: this.clock.now(),
      params,
      ...(account !== undefined && { account }),
      ...(signature && { region: signature.region, signedAt: signature.signedAt }),
    };
  }
}
