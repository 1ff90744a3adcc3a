import * as z from "zod/mini";
import { repeatsPageToken } from "../../../call-effects.js";
import { type Page, pageOf } from "../../../paging.js";
import { SimulatedError } from "../../../simulated-error.js";
import type { AwsCall } from "../../aws-service.js";
import type { AwsWorld } from "../../aws-world.js";
import { awsJson } from "../../protocol/aws-json.js";
import { type PAYMENT_OPTIONS, TERM_SECONDS } from "../../terms-and-prices.js";

const json = awsJson({ invalidInput: "ValidationException", internal: "InternalFailure" });

/** The JSON protocol, with the throttling error of Cost Explorer's model. */
export const costExplorerProtocol = {
  ...json,
  refusals: {
    ...json.refusals,
    throttled: () => new SimulatedError("LimitExceededException", 400, "You made too many calls. Try again later."),
  },
};

/**
 * What both recommendations can be asked for. The API documents no defaults; these are those of the simulator. It has
 * filters besides, which are not simulated and are refused.
 */
export const combinationInput = {
  AccountScope: z._default(z.enum(["PAYER", "LINKED"]), "PAYER"),
  LookbackPeriodInDays: z._default(z.enum(["SEVEN_DAYS", "THIRTY_DAYS", "SIXTY_DAYS"]), "SEVEN_DAYS"),
  TermInYears: z._default(z.enum(["ONE_YEAR", "THREE_YEARS"]), "ONE_YEAR"),
  PaymentOption: z._default(z.enum(["NO_UPFRONT", "PARTIAL_UPFRONT", "ALL_UPFRONT"]), "NO_UPFRONT"),
  Filter: z.optional(z.never()),
  PageSize: z._default(z.int().check(z.gte(1), z.lte(100)), 20),
  NextPageToken: z.optional(z.string()),
};
export type CombinationInput = z.infer<z.ZodMiniObject<typeof combinationInput>>;

/** The part of the request that the answer repeats. */
export const repeated = ({ AccountScope, LookbackPeriodInDays, TermInYears, PaymentOption }: CombinationInput) => ({
  AccountScope,
  LookbackPeriodInDays,
  TermInYears,
  PaymentOption,
});

const OFFERING_TYPES = {
  NO_UPFRONT: "No Upfront",
  PARTIAL_UPFRONT: "Partial Upfront",
  ALL_UPFRONT: "All Upfront",
} as const satisfies Record<CombinationInput["PaymentOption"], (typeof PAYMENT_OPTIONS)[number]>;
const DAYS = { SEVEN_DAYS: 7, THIRTY_DAYS: 30, SIXTY_DAYS: 60 } as const;

/** What is asked for, in the words of the catalogue. */
export const termsOf = ({ TermInYears, PaymentOption, LookbackPeriodInDays }: CombinationInput) => ({
  durationSeconds: TermInYears === "ONE_YEAR" ? TERM_SECONDS.oneYear : TERM_SECONDS.threeYears,
  offeringType: OFFERING_TYPES[PaymentOption],
  lookbackDays: DAYS[LookbackPeriodInDays],
});

/** For whom is recommended: the account that a recommendation names, and whose usage it is made from. */
export interface Beneficiary {
  readonly account: string;
  readonly accounts: readonly string[];
}

/** Each account on its own, or all that the caller sees together. */
export function beneficiaries(
  { organization }: Pick<AwsWorld, "organization">,
  { AccountScope }: CombinationInput,
  { account }: AwsCall,
): readonly Beneficiary[] {
  const seen = organization.seenBy(account);
  return AccountScope === "PAYER"
    ? [{ account, accounts: seen }]
    : seen.map((one) => ({ account: one, accounts: [one] }));
}

/** The page that is asked for. */
export function costExplorerPage<Row>(
  rows: readonly Row[],
  { NextPageToken: token, PageSize: size }: CombinationInput,
  { call, world }: { readonly call: AwsCall; readonly world: Pick<AwsWorld, "settings"> },
): Page<Row> {
  const { emptyPages } = world.settings;
  const page = pageOf(rows, { token, size, emptyPages, repeatToken: repeatsPageToken(call) });
  if (page !== undefined) return page;
  throw new SimulatedError("InvalidNextTokenException", 400, "The pagination token is invalid.");
}

/** An amount as Cost Explorer writes it. */
export const amountText = (amount: number): string => amount.toFixed(10).replace(/\.?0+$/, "");

/** A time as Cost Explorer writes it. */
export const timeText = (moment: number): string => `${new Date(moment).toISOString().slice(0, 19)}Z`;

/** Hours in the month that Cost Explorer reckons with: a twelfth of 365 days. */
export const HOURS_A_MONTH = 730;
