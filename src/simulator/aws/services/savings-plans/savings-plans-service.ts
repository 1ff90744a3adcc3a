import * as z from "zod/mini";
import { effectOf } from "../../../call-effects.js";
import { SimulatedError } from "../../../simulated-error.js";
import { type AwsOperation, type AwsService, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { restJson } from "../../protocol/rest-json.js";
import { byPath } from "../../routing.js";
import { createSavingsPlan, tagsSchema } from "./create-savings-plan.js";
import { describeSavingsPlans } from "./describe-savings-plans.js";
import { describeSavingsPlansOfferings } from "./describe-savings-plans-offerings.js";
import { SavingsPlansShelf, savingsPlanState } from "./savings-plan.js";

/** Savings Plans: one endpoint for all regions. */
export function savingsPlansService(world: AwsWorld): AwsService {
  const shelf = new SavingsPlansShelf(world.settings.listingLagMs);
  const operations = {
    DescribeSavingsPlansOfferings: describeSavingsPlansOfferings(world),
    CreateSavingsPlan: createSavingsPlan(world, shelf),
    DescribeSavingsPlans: describeSavingsPlans(world, shelf),
    TagResource: tagResource(shelf),
    DeleteQueuedSavingsPlan: deleteQueuedSavingsPlan(shelf),
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

function tagResource(shelf: SavingsPlansShelf): AwsOperation {
  const input = z.object({ resourceArn: z.string(), tags: tagsSchema });
  return operation(restJson, input, ({ resourceArn, tags }, call) => {
    const plan = shelf.find(call, resourceArn);
    if (effectOf(call, "lost-tag") === undefined) plan.tags.set(tags, call.now);
    return {};
  });
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
