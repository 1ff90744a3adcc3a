import type {
  CommitmentProvider,
  InventoryItem,
  ProviderContext,
  PurchaseContext,
  PurchaseOutcome,
} from "../../../../src/providers/commitment-provider.js";
import type { PurchasePermit } from "../../../../src/providers/purchase-permit.js";
import type { ProviderFixture } from "../../../../src/testing/provider-contract.js";
import { awsFixture } from "../../../providers/aws/contract/aws-fixture.js";
import { EC2 } from "../../../providers/aws/contract/ec2.js";
import { plansWith } from "../../../providers/aws/contract/savings-plans.js";
import { CONTRACT } from "../../../support/purchase-fixture.js";
import { simulatedShop } from "../simulated-shop.js";

/** A provider with one fault, and the case of the contract that must notice. */
export interface Sabotage {
  readonly fault: string;
  readonly noticedBy: string;
  build(): Promise<ProviderFixture>;
}

/** How a fixture is made. */
export type Build = Sabotage["build"];
type Fault = (correct: CommitmentProvider, fixture: ProviderFixture) => Partial<CommitmentProvider>;

/** A correct fixture of a cloud that dedupes nothing. */
export const ec2: Build = () => awsFixture(EC2);
/** A correct fixture of a cloud that dedupes by a token. */
export const plans: Build = () => awsFixture(plansWith());
/** Savings Plans whose resends are deduped for a day, as the simulator does. */
export const RESENT_PLANS = plansWith({ windowMs: 86_400_000 });
/** A correct fixture over a cloud in memory with a contract of any kind. */
export const shop =
  (kind: keyof typeof CONTRACT): Build =>
  async () =>
    simulatedShop(CONTRACT[kind]);

/** A correct fixture whose provider has some of its calls replaced. */
export const withFault =
  (build: Build, fault: Fault): Build =>
  async () => {
    const fixture = await build();
    return { ...fixture, provider: { ...fixture.provider, ...fault(fixture.provider, fixture) } };
  };

/** The correct purchase. */
export const buying = (correct: CommitmentProvider, permit: PurchasePermit, context: PurchaseContext) =>
  correct.purchase(permit, context);

/** A provider that spoils the permit before it buys. */
export const withPermit = (build: Build, spoil: (permit: PurchasePermit) => PurchasePermit): Build =>
  withFault(build, (correct) => ({ purchase: (permit, context) => buying(correct, spoil(permit), context) }));

/** A provider that spoils the context before it buys. */
export const withContext = (build: Build, spoil: (context: PurchaseContext) => PurchaseContext): Build =>
  withFault(build, (correct) => ({ purchase: (permit, context) => buying(correct, permit, spoil(context)) }));

/** A provider that makes something else of how a purchase ended. */
export const withOutcome = (
  build: Build,
  spoil: (outcome: PurchaseOutcome, permit: PurchasePermit) => PurchaseOutcome,
): Build =>
  withFault(build, (correct) => ({
    purchase: async (permit, context) => spoil(await buying(correct, permit, context), permit),
  }));

/** A provider that takes every answer of one kind for another. */
export const mistaking = (build: Build, kind: PurchaseOutcome["kind"], mistaken: PurchaseOutcome): Build =>
  withOutcome(build, (outcome) => (outcome.kind === kind ? mistaken : outcome));

/** A provider that lists something else of its lane. */
export const withInventory = (
  build: Build,
  spoil: (items: readonly InventoryItem[], context: ProviderContext) => readonly InventoryItem[],
): Build =>
  withFault(build, (correct) => ({
    inventory: async (request, token, context) =>
      spoil((await correct.inventory?.(request, token, context)) ?? [], context),
  }));

/** A refusal that nobody stated. */
export const REFUSED: PurchaseOutcome = { kind: "rejected", rejection: { code: "Refused", message: "as it seems" } };

/** The name of the case about one kind of answer. */
export const answers = (what: string) =>
  `takes ${what} for what it proves, sends one request per permit, and buys once in the end`;
