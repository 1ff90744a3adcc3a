import type { CommitmentRequest } from "../../domain/commitment-request/commitment-request.js";
import type { Execution, LineProgress, PurchaseLine } from "../../domain/execution.js";
import type { Money } from "../../domain/money.js";
import type {
  ExecutionChange,
  ExecutionStore,
  LimitSet,
  LimitUse,
  NewExecution,
  StoredLimit,
} from "../../store-port/execution-store.js";
import { assert } from "../assert.js";
import { sampleLine, sampleRequest, unique } from "./samples.js";
import { changeOf, created, moved } from "./steps.js";

/** A span that began in 1970 and ends long after every test. */
const ONE_SPAN_MS = 3_000_000_000_000;

/** An amount in the currency of the limits of these tests. */
export const usd = (amount: string): Money => ({ amount, currency: "USD" });

/** A limit on an account that no other test uses. */
export const limitOn = (account: string, parts: Partial<StoredLimit> = {}): StoredLimit => ({
  name: unique("limit"),
  countKey: unique("count"),
  scope: { account },
  per: ONE_SPAN_MS,
  max: usd("100"),
  timeZone: "UTC",
  ...parts,
});

/** A set of limits with a fingerprint of its own. */
export const setOf = (...limits: readonly StoredLimit[]): LimitSet => ({ fingerprint: unique("set"), limits });

/** Puts a set of limits in place of whatever an earlier test left. */
export async function setLimits(store: ExecutionStore, ...limits: readonly StoredLimit[]): Promise<LimitSet> {
  const set = setOf(...limits);
  const replaces = (await store.limits())?.fingerprint ?? null;
  const result = await store.changeLimits({ set, replaces, changedBy: "alice", reason: "for a test" });
  assert.deepEqual(result, { kind: "stored" });
  return set;
}

/** What a limit has counted. */
export async function useOf(store: ExecutionStore, { name }: StoredLimit): Promise<LimitUse> {
  const { uses = [] } = (await store.limits()) ?? {};
  return uses.find(({ limit }) => limit.name === name) ?? assert.fail(`there is no limit ${name}`);
}

/** Asserts what a limit has counted. What is not stated is 0. */
export async function assertUse(
  store: ExecutionStore,
  limit: StoredLimit,
  expected: Partial<Pick<LimitUse, "used" | "held" | "overrun">>,
): Promise<void> {
  const { used, held, overrun } = await useOf(store, limit);
  assert.deepEqual({ used, held, overrun }, { used: "0", held: "0", overrun: "0", ...expected });
}

/** A planned line of an account. Its price has no tolerance unless the request states one. */
export const pricedLine = (
  account: string,
  amount: string,
  index = 0,
  request: Partial<CommitmentRequest> = {},
): PurchaseLine =>
  sampleLine(
    index,
    sampleRequest({
      account,
      expectedPrice: usd(amount),
      priceTolerancePercent: 0,
      ...request,
    } as Partial<CommitmentRequest>),
  );

/** An execution that waits for approval, with one line for each price. */
export const waiting = (
  store: ExecutionStore,
  account: string,
  prices: readonly string[],
  overrides: Partial<NewExecution> = {},
): Promise<Execution> =>
  created(store, {
    status: "pending",
    lines: prices.map((price, index) => pricedLine(account, price, index)),
    ...overrides,
  });

/** The approval of an execution. */
export const approval = ({ id }: Pick<Execution, "id">, parts: Partial<ExecutionChange> = {}): ExecutionChange =>
  changeOf({ id }, { guard: { status: ["pending", "notified"] }, status: "approved", approvedBy: "bob", ...parts });

/** Approves an execution that must fit. */
export const approved = async (
  store: ExecutionStore,
  account: string,
  prices: readonly string[],
  overrides: Partial<NewExecution> = {},
): Promise<Execution> => moved(store, approval(await waiting(store, account, prices, overrides)));

/** Progress of a line whose purchase found this price before. */
export const withPrice = (progress: LineProgress, price: Money | undefined): LineProgress => ({
  ...progress,
  prepared: { reference: "offering-1", ...(price !== undefined && { price }) },
});
