import type { Arrival } from "../arrival.js";
import { wallClock } from "../clock.js";
import { deterministicId } from "../deterministic-id.js";
import { SimulatedCloud } from "../simulated-cloud.js";
import type { WireRequest } from "../wire.js";
import { AwsCatalogue } from "./aws-catalogue.js";
import type { AwsService } from "./aws-service.js";
import { awsServices, RESERVED_NODES_PRODUCTS } from "./aws-services.js";
import { type AwsSettings, type AwsSimulatorOptions, readAwsSettings } from "./aws-simulator-options.js";
import { dispatch } from "./dispatch.js";
import { Organization } from "./usage/organization.js";
import { UsageBook } from "./usage/usage-book.js";

/** The simulated AWS itself, without a socket: services and catalogue. */
export class AwsCore extends SimulatedCloud {
  readonly catalogue: AwsCatalogue;
  readonly usage = new UsageBook();
  readonly organization = new Organization();
  protected readonly services: readonly AwsService[];
  readonly #settings: AwsSettings;
  #number = 0;
  #requestNumber = 0;

  constructor({ clock = wallClock, ...options }: AwsSimulatorOptions) {
    super(clock);
    this.#settings = readAwsSettings(options);
    this.catalogue = new AwsCatalogue(this.#settings.offerings, RESERVED_NODES_PRODUCTS);
    const nextNumber = () => ++this.#number;
    const { catalogue, usage, organization } = this;
    this.services = awsServices({ settings: this.#settings, catalogue, usage, organization, nextNumber });
  }

  protected operations(): readonly string[] {
    return this.services.flatMap(({ operations }) => Object.keys(operations));
  }

  protected dispatch(request: WireRequest): Arrival | undefined {
    return dispatch(request, {
      services: this.services,
      settings: this.#settings,
      nextRequestId: () => deterministicId(`request:${++this.#requestNumber}`),
    });
  }
}
