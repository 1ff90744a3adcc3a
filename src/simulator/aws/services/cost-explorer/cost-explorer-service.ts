import * as z from "zod/mini";
import { deterministicId } from "../../../deterministic-id.js";
import { type AwsOperation, type AwsService, operation } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { byTarget } from "../../routing.js";
import { costExplorerProtocol, timeText } from "./cost-explorer-protocol.js";
import { Generations } from "./generations.js";
import { getReservationPurchaseRecommendation } from "./get-reservation-purchase-recommendation.js";
import { getSavingsPlansPurchaseRecommendation } from "./get-savings-plans-purchase-recommendation.js";
import type { Purchases } from "./reservation-needs.js";

/** Cost Explorer, as far as it recommends commitments. It has one endpoint for all regions. */
export function costExplorerService(world: AwsWorld, purchases: Purchases): AwsService {
  const generations = new Generations(world);
  return {
    signingName: "ce",
    name: "aws.cost-explorer",
    protocol: costExplorerProtocol,
    operationOf: byTarget("AWSInsightsIndexService"),
    operations: {
      GetReservationPurchaseRecommendation: getReservationPurchaseRecommendation(world, purchases),
      GetSavingsPlansPurchaseRecommendation: getSavingsPlansPurchaseRecommendation(world, purchases, generations),
      StartSavingsPlansPurchaseRecommendationGeneration: startGeneration(generations),
    },
    commitments: () => [],
  };
}

const startGeneration = (generations: Generations): AwsOperation =>
  operation(costExplorerProtocol, z.object({}), (_input, call) => ({
    EstimatedCompletionTime: timeText(generations.start(call)),
    RecommendationId: deterministicId(`plan-recommendation:${call.account}:${call.now}`),
    GenerationStartedTime: timeText(call.now),
  }));
