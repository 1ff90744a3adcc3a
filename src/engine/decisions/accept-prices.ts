import * as z from "zod/mini";
import { checked } from "../../domain/checked.js";
import { BuyonceError } from "../../domain/errors.js";
import type { Execution, PurchaseLine } from "../../domain/execution.js";
import { invalidRequest } from "../../domain/input-problem.js";
import { type Money, moneySchema } from "../../domain/money.js";
import { once } from "../../domain/once.js";
import { differentPeople, isAmong } from "../../guards/approvals.js";
import type { LineChange } from "../../store-port/execution-store.js";
import { changeAtVersion, type DecidedChange } from "../claim/change-at-version.js";
import type { EngineContext } from "../engine-options.js";
import { approvalEnds, judgedPeople, neededApprovals } from "../line/may-send.js";
import { isSamePrice } from "../line/price-drift.js";
import { readMakers } from "../read-makers.js";
import { problemsIn } from "../read-options.js";
import type { GivenApproval } from "./give-approval.js";
import { addedApproval, BEING_BOUGHT } from "./renew-approval.js";

/** A price that a person accepts for a line: exactly the one that was found. */
export interface AcceptedPrice {
  readonly lineIndex: number;
  readonly price: Money;
}

const acceptedSchema = once(() =>
  z.array(z.strictObject({ lineIndex: z.int32().check(z.nonnegative()), price: moneySchema() })).check(
    z.minLength(1),
    z.maxLength(500),
    z.refine(
      (prices) => new Set(prices.map(({ lineIndex }) => lineIndex)).size === prices.length,
      "names a line twice",
    ),
  ),
);

/** Refuses accepted prices that are none. */
export function checkAcceptedPrices(prices: unknown): void {
  const parsed = checked(acceptedSchema(), prices);
  if (!parsed.success) throw invalidRequest(problemsIn(parsed.error, "acceptPrices"));
}

/** A person's approval with the prices that it accepts. */
export interface AcceptingApproval extends GivenApproval {
  readonly prices: readonly AcceptedPrice[];
}

/**
 * Accepts prices that were found outside the tolerance of lines that wait for it.
 *
 * With the last acceptance that is needed, the line holds the difference in the limits and is bought by the next round.
 * If the approval of the execution has run out, or needs this person, the same change gives it.
 */
export async function acceptPrices(context: EngineContext, accepting: AcceptingApproval): Promise<Execution> {
  const { executionId, approvedBy } = accepting.move;
  const ends = (seen: Execution) => approvalEnds(seen, context.approvalLifetimeMs);
  const counting = await changeAtVersion(context.store, executionId, async (seen) => ({
    ...(await acceptance(context, seen, accepting)),
    ...((await addedApproval(context, seen, approvedBy)) ?? { guard: { before: ends(seen) + 1 } }),
  }));
  if (counting.kind === "moved") return counting.execution;
  const anew = await changeAtVersion(context.store, executionId, async (seen) => ({
    ...(await acceptance(context, seen, accepting)),
    approvedBy,
    approvers: [approvedBy],
    guard: { after: ends(seen) },
  }));
  if (anew.kind === "moved") return anew.execution;
  throw new BuyonceError("CONCURRENT_CHANGE", `Execution ${executionId} changed meanwhile. Nothing was accepted.`, {
    current: anew.execution,
  });
}

async function acceptance(
  context: EngineContext,
  seen: Execution,
  { move, content, prices }: AcceptingApproval,
): Promise<DecidedChange> {
  if (!BEING_BOUGHT.includes(seen.status)) throw notBeingBought(seen);
  const { approvedBy, reason } = move;
  const needed = neededApprovals(context, seen);
  const makers = context.fourEyes ? await readMakers(context.store, seen) : undefined;
  const lines = await Promise.all(
    prices.map(async (price) => {
      const line = waitingLine(seen, price);
      const { may } = await judgedPeople(context, seen, { makers, people: line.priceDrift?.acceptedBy ?? [] });
      return accepted(line, { people: may, person: approvedBy, needed });
    }),
  );
  const isDone = lines.some(({ acceptsPrice }) => acceptsPrice === true);
  const told = prices.map(({ lineIndex, price }, at) => ({
    lineIndex,
    expected: waitingLine(seen, { lineIndex, price }).request.expectedPrice,
    price,
    have: lines[at]?.progress.priceDrift?.acceptedBy.length,
    needed,
  }));
  return {
    lines,
    // Until enough people have accepted, the execution waits on.
    ...(isDone && { wakeAt: null }),
    event: {
      kind: "price_accepted",
      actor: approvedBy,
      ...(reason !== undefined && { reason }),
      data: { ...content, accepted: told },
    },
  };
}

interface Accepting {
  /** Those who have accepted the price and may still approve. */
  readonly people: readonly string[];
  readonly person: string;
  readonly needed: number;
}

function accepted({ index, priceDrift, ...line }: PurchaseLine, { people, person, needed }: Accepting): LineChange {
  const acceptedBy = isAmong(people, person) ? people : differentPeople([...people, person]);
  const isAccepted = acceptedBy.length >= needed;
  const progress = {
    ...line,
    lastError: isAccepted ? null : line.lastError,
    priceDrift: priceDrift && { ...priceDrift, acceptedBy, isAccepted },
  };
  return { index, progress, ...(isAccepted && { acceptsPrice: true }) };
}

/** The line that waits for a price, if that price is the one that was found. */
function waitingLine(seen: Execution, { lineIndex, price }: AcceptedPrice): PurchaseLine {
  const line = seen.lines.find(({ index }) => index === lineIndex);
  const found = line?.state === "planned" ? line.priceDrift?.found : undefined;
  if (line !== undefined && found !== undefined && isSamePrice(found, price)) return line;
  const what = found === undefined ? "waits for no price" : `was found at ${found.amount} ${found.currency}`;
  throw new BuyonceError("PRICE_DIFFERS", `Line ${lineIndex} of ${seen.id} ${what}. Nothing was accepted.`, {
    details: { lineIndex, accepted: price, found: found ?? null },
    current: seen,
  });
}

const notBeingBought = (current: Execution): BuyonceError =>
  new BuyonceError(
    "EXECUTION_NOT_IN_EXPECTED_STATUS",
    `Execution ${current.id} is ${current.status}; accepting a price needs ${BEING_BOUGHT.join(" or ")}.`,
    { current },
  );
