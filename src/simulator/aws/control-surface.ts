import * as z from "zod";
import { faultSchema } from "../fault.js";
import type { WireReply, WireRequest } from "../wire.js";
import { offeringsOptionSchema, priceChangeSchema } from "./aws-catalogue.js";
import type { ConnectedAwsSimulator } from "./aws-simulator.js";
import { RESERVED_NODES_SERVICES } from "./reserved-nodes/reserved-nodes-offering.js";

/** Where the controls are, below the simulator's URL. No AWS operation has such a path. */
export const CONTROL_PREFIX = "/_buyonce/";

type Control = (simulator: ConnectedAwsSimulator, body: unknown) => Promise<unknown>;

const region = z.strictObject({ region: z.string() });
const reservedNodes = z.strictObject({ service: z.enum(RESERVED_NODES_SERVICES), region: z.string() });
const stateChange = z.strictObject({ commitmentId: z.string(), state: z.string() });
const advance = z.strictObject({ advanceMs: z.number() });

const CONTROLS: Readonly<Record<string, Control>> = {
  "GET ledger": ({ ledger }) => ledger.purchases(),
  "GET requests": ({ ledger }) => ledger.requests(),
  "GET faults": ({ faults }) => faults.pending(),
  "POST faults": ({ faults }, body) => faults.add(faultSchema.parse(body)),
  "DELETE faults": ({ faults }) => faults.clear(),
  "GET clock": ({ clock }) => clock.now(),
  "POST clock": ({ clock }, body) => clock.advance(advance.parse(body).advanceMs),
  "POST offerings": ({ offerings }, body) => offerings.add(offeringsOptionSchema.parse(body)),
  "POST offerings/reserved-instances": ({ offerings }, body) => offerings.reservedInstances(region.parse(body).region),
  "GET offerings/savings-plans": ({ offerings }) => offerings.savingsPlans(),
  "POST offerings/reserved-nodes": ({ offerings }, body) => {
    const { service, region } = reservedNodes.parse(body);
    return offerings.list(service, region);
  },
  "POST states": ({ states }, body) => {
    const { commitmentId, state } = stateChange.parse(body);
    return states.set(commitmentId, state);
  },
  "POST offerings/price": ({ offerings }, body) => offerings.setPrice(priceChangeSchema.parse(body)),
};

/** Answers a request for the controls: 200 with JSON, or 400 with what was wrong with it. */
export async function answerControl(request: WireRequest, simulator: ConnectedAwsSimulator): Promise<WireReply> {
  const control = CONTROLS[`${request.method} ${request.path.slice(CONTROL_PREFIX.length)}`];
  if (control === undefined) return json(404, { message: "no such control" });
  try {
    const body: unknown = request.body === "" ? undefined : JSON.parse(request.body);
    return json(200, (await control(simulator, body)) ?? null);
  } catch (error) {
    return json(400, { message: error instanceof Error ? error.message : String(error) });
  }
}

function json(status: number, value: unknown): WireReply {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(value) };
}
