import type { ReportedRecommendation } from "../../../src/domain/recommendation.js";
import type { RecommendationSource, SourceFault, SourcePart } from "../../../src/providers/recommendation-source.js";

/** What a scripted source throws, with the fault that it stands for. */
export class ScriptedFault extends Error {
  readonly fault: SourceFault;

  constructor(kind: SourceFault["kind"], message: string = kind, retryAfterMs?: number) {
    super(message);
    this.fault = { kind, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
}

export interface ScriptedPart extends Pick<SourcePart, "region" | "about"> {
  /** Answers the requests of the part one after the other; what it throws is the failure of the request. */
  answer(signal: AbortSignal): Promise<readonly ReportedRecommendation[]>;
}

/** A source that answers as it is told. */
export const scriptedSource = (
  name: string,
  partsOf: (account: string) => readonly ScriptedPart[] | Promise<readonly ScriptedPart[]>,
): RecommendationSource => ({
  name,
  async parts(account, context) {
    const parts = await partsOf(account);
    return parts.map(({ answer, ...part }) => ({ ...part, collect: () => context.call(`${name}.list`, answer) }));
  },
  faultOf: (thrown) => (thrown instanceof ScriptedFault ? thrown.fault : { kind: "unreadable" }),
});

/** A recommendation of some instances. */
export function reportOf(
  account: string,
  changes: Partial<ReportedRecommendation> & { quantity?: number } = {},
): ReportedRecommendation {
  const { quantity = 3, ...others } = changes;
  const region = others.region ?? "eu-west-1";
  const instanceType = String(others.subject?.["instanceType"] ?? "m5.large");
  const term = others.term === "3yr" ? "3yr" : "1yr";
  const payment = others.payment ?? "no_upfront";
  return {
    service: "aws.ec2",
    account,
    region,
    term,
    payment,
    lookbackDays: 30,
    subject: { instanceType },
    variant: null,
    title: `${quantity} x ${instanceType}`,
    offer: {
      kind: "line",
      line: {
        service: "aws.ec2",
        account,
        region,
        term,
        payment,
        quantity,
        instanceType,
        platform: "Linux/UNIX",
        tenancy: "default",
        offeringClass: "standard",
        scope: "region",
        expectedPrice: { amount: String(quantity * 500), currency: "USD" },
      },
      unitPrices: [{ term, payment, price: { amount: "500", currency: "USD" } }],
    },
    figures: { monthlySavings: { amount: "12.5", currency: "USD" } },
    generatedAt: null,
    evidence: { instanceType },
    ...others,
  };
}
