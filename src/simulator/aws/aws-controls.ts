import * as z from "zod/mini";
import { COMMON_CONTROLS, type ControlTable } from "../control-surface.js";
import { coreControls, settle } from "../core-controls.js";
import { readSettings } from "../read-settings.js";
import { credentialsFor } from "./account-keys.js";
import { offeringsOptionSchema, priceChangeSchema } from "./aws-catalogue.js";
import type { AwsCore } from "./aws-core.js";
import type { ConnectedAwsSimulator } from "./aws-simulator.js";
import { RESERVED_NODES_SERVICES } from "./reserved-nodes/reserved-nodes-offering.js";
import { organizationSchema } from "./usage/organization.js";
import { usageSchema } from "./usage/usage-book.js";

const region = z.strictObject({ region: z.string() });
const reservedNodes = z.strictObject({ service: z.enum(RESERVED_NODES_SERVICES), region: z.string() });

/** The controls of a simulated AWS, as a client in another process calls them. */
export const AWS_CONTROLS: ControlTable<ConnectedAwsSimulator> = {
  ...COMMON_CONTROLS,
  "POST offerings": ({ offerings }, body) => offerings.add(readSettings(offeringsOptionSchema, body)),
  "POST offerings/reserved-instances": ({ offerings }, body) =>
    offerings.reservedInstances(readSettings(region, body).region),
  "GET offerings/savings-plans": ({ offerings }) => offerings.savingsPlans(),
  "POST offerings/reserved-nodes": ({ offerings }, body) => {
    const { service, region } = readSettings(reservedNodes, body);
    return offerings.list(service, region);
  },
  "POST usage": ({ usage }, body) => usage.set(readSettings(usageSchema, body)),
  "POST organization": ({ organization }, body) => organization.set(readSettings(organizationSchema, body)),
  "POST offerings/price": ({ offerings }, body) => offerings.setPrice(readSettings(priceChangeSchema, body)),
};

/** The controls of a simulator in this process. */
export function coreControl(core: AwsCore, url: string): ConnectedAwsSimulator {
  return {
    url,
    ...coreControls(core),
    offerings: {
      reservedInstances: (region) => settle(() => core.catalogue.reservedInstances(region)),
      savingsPlans: () => settle(() => core.catalogue.savingsPlans()),
      list: (service, region) => settle(() => core.catalogue.reservedNodes(service, region)),
      add: (offerings) => settle(() => core.catalogue.add(offerings, core.clock.now())),
      setPrice: (change) => settle(() => core.catalogue.setPrice(change, core.clock.now())),
    },
    usage: { set: (usage) => settle(() => core.usage.set(usage)) },
    organization: { set: (settings) => settle(() => core.organization.set(settings)) },
    credentialsFor,
  };
}
