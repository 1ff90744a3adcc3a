import {
  answers,
  buying,
  ec2,
  mistaking,
  plans,
  REFUSED,
  type Sabotage,
  shop,
  withFault,
  withOutcome,
} from "./sabotage.js";

/** Wrong about what an answer proves. */
export const ANSWERS: readonly Sabotage[] = [
  { fault: "takes a 5xx for a refusal", noticedBy: answers("a 5xx"), build: mistaking(ec2, "unknown", REFUSED) },
  {
    fault: "takes a 5xx after the purchase for a refusal",
    noticedBy: answers("a 5xx after the purchase"),
    build: mistaking(plans, "unknown", REFUSED),
  },
  {
    fault: "takes an empty answer for a commitment without an id",
    noticedBy: answers("an empty reply"),
    build: mistaking(ec2, "unknown", { kind: "committed", commitment: { commitmentIds: [""] } }),
  },
  {
    fault: "takes a broken answer for one that was not sent",
    noticedBy: answers("a reply that breaks off"),
    build: mistaking(plans, "unknown", { kind: "not_sent", reason: "as it seems" }),
  },
  {
    fault: "takes an answer that is not the service's for a refusal",
    noticedBy: answers("a reply that is not the service's"),
    build: mistaking(ec2, "unknown", REFUSED),
  },
  {
    fault: "takes a lost connection for one that was never made",
    noticedBy: answers("a connection reset after the purchase"),
    build: mistaking(ec2, "unknown", { kind: "not_sent", reason: "as it seems" }),
  },
  {
    fault: "takes a timeout for not sent",
    noticedBy: "takes a reply that does not come in the line's time for nothing, and buys once in the end",
    build: mistaking(ec2, "unknown", { kind: "not_sent", reason: "as it seems" }),
  },
  {
    fault: "throws where nothing was sent",
    noticedBy: answers("a connection that is never made"),
    build: withOutcome(plans, (outcome) => {
      if (outcome.kind === "not_sent") throw new Error(outcome.reason);
      return outcome;
    }),
  },
  {
    fault: "takes throttling for a refusal",
    noticedBy: answers("throttling"),
    build: mistaking(ec2, "not_now", REFUSED),
  },
  {
    fault: "takes a refusal for no answer",
    noticedBy: "rejects what the cloud refuses, with the cloud's own code, and does not ask again",
    build: mistaking(plans, "rejected", { kind: "unknown", reason: "as it seems" }),
  },
  {
    fault: "takes it for a refusal that its name exists",
    noticedBy: "takes the answer to a resend that meets the first purchase for no refusal",
    build: withFault(shop("named"), (correct, { cloud }) => ({
      async purchase(permit, context) {
        const exists = (await cloud.purchases()).some(({ token }) => token === permit.token);
        return exists ? REFUSED : buying(correct, permit, context);
      },
    })),
  },
  {
    fault: "reports another id than the cloud's",
    noticedBy: "buys the line's quantity once, in the line's account, and records what the cloud has",
    build: withOutcome(plans, (outcome, { prepared }) =>
      outcome.kind === "committed"
        ? { kind: "committed", commitment: { commitmentIds: [prepared.reference] } }
        : outcome,
    ),
  },
];
