import * as z from "zod/mini";
import { SimulatedError } from "../../../simulated-error.js";
import { type AwsOperation, type AwsService, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { restJson } from "../../protocol/rest-json.js";
import { byPath } from "../../routing.js";
import { createSavingsPlan } from "./create-savings-plan.js";
import { describeSavingsPlans } from "./describe-savings-plans.js";
import { describeSavingsPlansOfferings } from "./describe-savings-plans-offerings.js";
import { returnSavingsPlan } from "./return-savings-plan.js";
import { SavingsPlansShelf, savingsPlanState } from "./savings-plan.js";
import { savingsPlanTags } from "./savings-plan-tags.js";

/** Savings Plans: one endpoint for all regions. */
export function savingsPlansService(world: AwsWorld): AwsService {
  const shelf = new SavingsPlansShelf(world.settings.listingLagMs);
  const operations = {
    DescribeSavingsPlansOfferings: describeSavingsPlansOfferings(world),
    CreateSavingsPlan: createSavingsPlan(world, shelf),
    DescribeSavingsPlans: describeSavingsPlans(world, shelf),
    DeleteQueuedSavingsPlan: deleteQueuedSavingsPlan(shelf),
    ReturnSavingsPlan: returnSavingsPlan(world, shelf),
    ...savingsPlanTags(world, shelf),
  };
  return {
    signingName: "savingsplans",
    name: "aws.savings-plans",
    protocol: restJson,
    operationOf: byPath(new Map(Object.keys(operations).map((name) => [`POST /${name}`, name]))),
    operations,
    commitments: (now) => shelf.commitments(now),
    setState: (commitmentId, state, at) => shelf.setState(commitmentId, state, at),
  };
}

function deleteQueuedSavingsPlan(shelf: SavingsPlansShelf): AwsOperation {
  return operation(restJson, z.object({ savingsPlanId: z.string() }), ({ savingsPlanId }, call) => {
    const plan = shelf.find(call, savingsPlanId);
    if (savingsPlanState(plan, call.now) !== "queued") {
      throw new SimulatedError("ValidationException", 400, "The Savings Plan is not queued");
    }
    plan.deletedAt = call.now;
    return {};
  });
}
