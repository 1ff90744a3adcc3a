import type { Arrival } from "../arrival.js";
import { wallClock } from "../clock.js";
import { SimulatedCloud } from "../simulated-cloud.js";
import type { WireRequest } from "../wire.js";
import { computeService } from "./compute/compute-service.js";
import { dispatch } from "./dispatch.js";
import type { GcpService } from "./gcp-service.js";
import { type GcpSimulatorOptions, readGcpSettings } from "./gcp-simulator-options.js";
import { type GcpWorld, gcpWorld } from "./gcp-world.js";
import { procurementService } from "./procurement/procurement-service.js";
import { Recommendations } from "./recommender/recommendations.js";
import { recommenderService } from "./recommender/recommender-service.js";
import { resourceManagerService } from "./resource-manager/resource-manager-service.js";

/** The simulated Google Cloud itself, without a socket: services and recommendations. */
export class GcpCore extends SimulatedCloud {
  readonly recommendations: Recommendations;
  protected readonly services: readonly GcpService[];
  readonly #world: GcpWorld;

  constructor({ clock = wallClock, ...options }: GcpSimulatorOptions) {
    super(clock);
    const world = gcpWorld(readGcpSettings(options));
    this.#world = world;
    this.recommendations = new Recommendations(world, this.clock.now());
    this.services = [
      computeService(world),
      recommenderService(world, this.recommendations),
      procurementService(world),
      resourceManagerService(world),
    ];
  }

  protected operations(): readonly string[] {
    return this.services.flatMap(({ routes }) => routes.map(({ operation }) => operation));
  }

  protected dispatch(request: WireRequest): Arrival | undefined {
    const { settings, projects } = this.#world;
    return dispatch(request, { services: this.services, principals: settings.principals, projects });
  }
}
