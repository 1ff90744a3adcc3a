import Big from "big.js";
import type { Inserts } from "../compute/inserts.js";
import type { CommitmentRecommendation } from "./commitment-recommendation.js";
import type { ResourceUsage } from "./usage.js";

/** A commitment that may be recommended from usage. */
export interface Lack {
  /** The same for as long as it is about the same resource of the same usage under the same plan. */
  readonly subject: string;
  /** What is lacking. Absent if nothing is. */
  readonly content?: Omit<CommitmentRecommendation, "recommendationId">;
}

const PLANS = ["TWELVE_MONTH", "THIRTY_SIX_MONTH"] as const;
const RESOURCES = ["VCPU", "MEMORY"] as const;

/** What one vCPU, and one MB of memory, save in 30 days, in USD. */
const SAVING = { TWELVE_MONTH: { VCPU: "5.5", MEMORY: "0.0007" }, THIRTY_SIX_MONTH: { VCPU: "8", MEMORY: "0.001" } };

/** What a usage lacks at `moment`: its amounts less those of the commitments that count then. */
export function lacksOf(usage: ResourceUsage, inserts: Inserts, moment: number): readonly Lack[] {
  const { project, region, type } = usage;
  return RESOURCES.flatMap((resource) => {
    const used = (resource === "VCPU" ? usage.vcpu : usage.memoryMb) ?? 0;
    const lacking = used - inserts.committed({ project, region, type, resource }, moment);
    return PLANS.map((plan): Lack => {
      const subject = [project, region, type, resource, plan].join("/");
      if (lacking <= 0) return { subject };
      const resources = [{ type: resource, amount: String(lacking) }];
      const monthlySaving = new Big(SAVING[plan][resource]).times(lacking).toFixed();
      return { subject, content: { project, region, plan, type, resources, monthlySaving } };
    });
  });
}
