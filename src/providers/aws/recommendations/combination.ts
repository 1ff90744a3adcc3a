import type {
  AccountScope,
  PaymentOption,
  LookbackPeriodInDays as SdkLookback,
  TermInYears,
} from "@aws-sdk/client-cost-explorer";
import { PAYMENTS, type Payment, TERMS, type Term } from "../../../domain/commitment-request/common.js";
import type { InputProblem } from "../../../domain/input-problem.js";

/** Days of usage from which Cost Explorer computes. */
export const LOOKBACK_DAYS = [7, 30, 60] as const;
/** One of {@link LOOKBACK_DAYS}. */
export type LookbackDays = (typeof LOOKBACK_DAYS)[number];

/** `linked`: for each account on its own. `payer`: for all accounts of the organization together. */
export const ACCOUNT_SCOPES = ["linked", "payer"] as const;
/** One of {@link ACCOUNT_SCOPES}. */
export type RecommendationScope = (typeof ACCOUNT_SCOPES)[number];

/** What one request asks for. */
export interface Combination {
  readonly term: Term;
  readonly payment: Payment;
  readonly lookbackDays: LookbackDays;
  readonly accountScope: RecommendationScope;
}

/** For what recommendations are asked: each combination is a request that costs 0.01 USD a page. */
export interface CombinationOptions {
  /** Default: all, `1yr` and `3yr`. */
  readonly terms?: readonly Term[];
  /** Default: `no_upfront` alone. The others are `partial_upfront` and `all_upfront`. */
  readonly payments?: readonly Payment[];
  /** Days of usage from which AWS computes. Default: 30. */
  readonly lookbackDays?: readonly LookbackDays[];
  /**
   * Default `linked`: for each account on its own. A management account that is asked then answers for all its members,
   * so ask either it or the members. `payer` is for all accounts of the organization together, and only for the
   * management account.
   */
  readonly accountScope?: RecommendationScope;
}

/** All combinations, in the order of the options. */
export function combinationsOf({
  terms = TERMS,
  payments = ["no_upfront"],
  lookbackDays = [30],
  accountScope = "linked",
}: CombinationOptions): readonly Combination[] {
  return terms.flatMap((term) =>
    payments.flatMap((payment) => lookbackDays.map((days) => ({ term, payment, lookbackDays: days, accountScope }))),
  );
}

/** A combination in words, such as `1yr no_upfront 30 days`. */
export const inWords = ({ term, payment, lookbackDays }: Combination): string =>
  `${term} ${payment} ${lookbackDays} days`;

/** The problems with the options. */
export function* combinationProblems(options: CombinationOptions): Generator<InputProblem> {
  yield* listProblems("terms", options.terms, TERMS);
  yield* listProblems("payments", options.payments, PAYMENTS);
  yield* listProblems("lookbackDays", options.lookbackDays, LOOKBACK_DAYS);
  if (options.accountScope !== undefined)
    yield* listProblems("accountScope", [options.accountScope], ACCOUNT_SCOPES, "must be one of");
}

/** The problem with a list that is empty, or has something unknown or something twice. */
export function* listProblems(
  name: string,
  values: readonly unknown[] | undefined,
  allowed: readonly unknown[],
  must = "must be a list, without repetitions, of",
): Generator<InputProblem> {
  if (values === undefined) return;
  const isList = Array.isArray(values) && values.length > 0 && new Set(values).size === values.length;
  if (!isList || values.some((value) => !allowed.includes(value)))
    yield { path: `options.${name}`, problem: `${must} ${allowed.join(", ")}` };
}

/** A combination in the words of Cost Explorer. */
export interface WireCombination {
  readonly AccountScope: AccountScope;
  readonly LookbackPeriodInDays: SdkLookback;
  readonly TermInYears: TermInYears;
  readonly PaymentOption: PaymentOption;
}

const TERM_WORDS = { "1yr": "ONE_YEAR", "3yr": "THREE_YEARS" } as const satisfies Record<Term, TermInYears>;
const PAYMENT_WORDS = {
  all_upfront: "ALL_UPFRONT",
  partial_upfront: "PARTIAL_UPFRONT",
  no_upfront: "NO_UPFRONT",
} as const satisfies Record<Payment, PaymentOption>;
const LOOKBACK_WORDS = { 7: "SEVEN_DAYS", 30: "THIRTY_DAYS", 60: "SIXTY_DAYS" } as const;
const SCOPE_WORDS = { linked: "LINKED", payer: "PAYER" } as const;

/** The words in which Cost Explorer is asked. */
export const onWire = ({ term, payment, lookbackDays, accountScope }: Combination): WireCombination => ({
  AccountScope: SCOPE_WORDS[accountScope],
  LookbackPeriodInDays: LOOKBACK_WORDS[lookbackDays],
  TermInYears: TERM_WORDS[term],
  PaymentOption: PAYMENT_WORDS[payment],
});

/** Throws if an answer says that it is about something else than what was asked for. */
export function checkAnswered(asked: object, answered: object): void {
  for (const [name, value] of Object.entries(asked)) {
    const found: unknown = Reflect.get(answered, name);
    if (found !== undefined && found !== value)
      throw new Error(`Cost Explorer was asked for ${name} ${value} and answered for ${String(found)}`);
  }
}

/** Months in a term. */
export const monthsIn = (term: Term): number => (term === "1yr" ? 12 : 36);
