import type { Arrival } from "../arrival.js";
import { wallClock } from "../clock.js";
import { SimulatedCloud } from "../simulated-cloud.js";
import type { WireRequest } from "../wire.js";
import { computeService } from "./compute/compute-service.js";
import { dispatch } from "./dispatch.js";
import type { GcpService } from "./gcp-service.js";
import { type GcpSettings, type GcpSimulatorOptions, readGcpSettings } from "./gcp-simulator-options.js";
import { procurementService } from "./procurement/procurement-service.js";
import { ProjectNumbers } from "./project-numbers.js";
import { Recommendations } from "./recommender/recommendations.js";
import { recommenderService } from "./recommender/recommender-service.js";

/** The simulated Google Cloud itself, without a socket: services and recommendations. */
export class GcpCore extends SimulatedCloud {
  readonly recommendations: Recommendations;
  protected readonly services: readonly GcpService[];
  readonly #settings: GcpSettings;
  readonly #projects = new ProjectNumbers();
  #number = 0;

  constructor({ clock = wallClock, ...options }: GcpSimulatorOptions) {
    super(clock);
    this.#settings = readGcpSettings(options);
    const world = { settings: this.#settings, projects: this.#projects, nextNumber: () => ++this.#number };
    this.recommendations = new Recommendations(world, this.clock.now());
    this.services = [computeService(world), recommenderService(world, this.recommendations), procurementService(world)];
  }

  protected dispatch(request: WireRequest): Arrival | undefined {
    const { principals } = this.#settings;
    return dispatch(request, { services: this.services, principals, projects: this.#projects });
  }
}
