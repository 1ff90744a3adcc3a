import type { AzureService } from "./azure-service.js";
import type { AzureWorld } from "./azure-world.js";
import { reservationsService } from "./reservations/reservations-service.js";
import { savingsPlansService } from "./savings-plans/savings-plans-service.js";

/** Every simulated service; the core looks nowhere else. */
export function azureServices(world: AzureWorld): AzureService[] {
  return [reservationsService(world), savingsPlansService(world)];
}
