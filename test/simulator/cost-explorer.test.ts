import {
  CostExplorerClient,
  GetReservationPurchaseRecommendationCommand,
  StartSavingsPlansPurchaseRecommendationGenerationCommand,
} from "@aws-sdk/client-cost-explorer";
import { connectAwsSimulator } from "buyonce/simulator";
import { describe, expect, it } from "vitest";
import { USAGE } from "./aws-usage.js";
import { ACCOUNT, buy, clientOf, ec2For, simulatedAws } from "./simulated-aws.js";

const [INSTANCES] = USAGE.instances;
const EC2 = "Amazon Elastic Compute Cloud - Compute";
const DAY = 86_400_000;

describe("Cost Explorer", () => {
  it("recommends what is used and not reserved, also for usage stated from another process", async () => {
    const simulator = await simulatedAws();
    const client = clientOf(CostExplorerClient, simulator);
    const recommended = async () => {
      const { Recommendations = [] } = await client.send(
        new GetReservationPurchaseRecommendationCommand({ Service: EC2, PaymentOption: "ALL_UPFRONT" }),
      );
      return Recommendations.flatMap(({ RecommendationDetails = [] }) => RecommendationDetails);
    };
    expect(await recommended()).toEqual([]);
    await connectAwsSimulator(simulator.url).usage.set({ instances: [INSTANCES] });
    expect(await recommended()).toMatchObject([
      { AccountId: ACCOUNT, RecommendedNumberOfInstancesToPurchase: "4", UpfrontCost: "1992.08" },
    ]);
    const ec2 = ec2For(simulator);
    const id = await buy(ec2, { InstanceCount: 3 });
    expect(await recommended()).toMatchObject([{ RecommendedNumberOfInstancesToPurchase: "1" }]);
    await simulator.states.set(id, "retired");
    expect(await recommended()).toMatchObject([{ RecommendedNumberOfInstancesToPurchase: "4" }]);
    await simulator.usage.set({ instances: [{ ...INSTANCES, count: 0 }] });
    expect(await recommended()).toEqual([]);
  });

  it("refuses a service that it does not know, a filter, and a page token that it did not give out", async () => {
    const client = clientOf(CostExplorerClient, await simulatedAws());
    const ask = (more: object) =>
      client.send(new GetReservationPurchaseRecommendationCommand({ Service: EC2, ...more }));
    await expect(ask({ Service: "Amazon EC2" })).rejects.toMatchObject({ name: "ValidationException" });
    await expect(ask({ Filter: { Dimensions: { Key: "AZ" } } })).rejects.toMatchObject({ name: "ValidationException" });
    await expect(ask({ NextPageToken: "mine" })).rejects.toMatchObject({ name: "InvalidNextTokenException" });
  });

  it("computes the recommendations of plans once at a time and three times a day", async () => {
    const simulator = await simulatedAws({ maxClockSkewMs: 2 * DAY });
    const client = clientOf(CostExplorerClient, simulator);
    const start = () => client.send(new StartSavingsPlansPurchaseRecommendationGenerationCommand({}));
    await start();
    await expect(start()).rejects.toMatchObject({ name: "GenerationExistsException" });
    for (let more = 0; more < 2; more += 1) {
      await simulator.clock.advance(300_000);
      await start();
    }
    await simulator.clock.advance(300_000);
    await expect(start()).rejects.toMatchObject({ name: "ServiceQuotaExceededException" });
    await simulator.clock.advance(DAY);
    await start();
  });

  it("is not told of usage that is none", async () => {
    const simulator = await simulatedAws();
    await expect(simulator.usage.set({ instances: [{ ...INSTANCES, count: -1 }] })).rejects.toThrow(TypeError);
    await expect(simulator.organization.set({ managementAccount: "1", accounts: [] })).rejects.toThrow(TypeError);
    const other = connectAwsSimulator(simulator.url);
    await other.organization.set({ managementAccount: ACCOUNT, accounts: [] });
    await expect(other.organization.set({ managementAccount: "1", accounts: [] })).rejects.toThrow(TypeError);
  });
});
