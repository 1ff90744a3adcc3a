import { TOKEN_TAG } from "../../providers/aws/token-tag.js";

/** What the oracle needs to know of one commitment on a cloud's ledger. What a ledger does not state is not compared. */
export interface PurchaseOnLedger {
  readonly token?: string | undefined;
  readonly commitmentId: string;
  /** The request that took effect. The commitments of a split purchase have the same one. */
  readonly requestId?: string | undefined;
  /** The same on the ledgers of the simulators. */
  readonly purchaseId?: string | undefined;
  /** Whether money was owed for the commitment at any time. Default: true. */
  readonly live?: boolean | undefined;
  readonly service?: string | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** As `offeringOf` gives it. */
  readonly offering?: string | undefined;
  readonly offeringId?: string | undefined;
  readonly quantity?: number | undefined;
  /** A savings plan's hourly commitment. */
  readonly commitment?: string | undefined;
  /** What the commitment is tagged with. The tag of a token counts as the token where the request carries none. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** One purchase that took effect: one commitment, or the commitments that a split purchase became. */
export interface Purchase extends PurchaseOnLedger {
  readonly commitmentIds: readonly string[];
  /** The request that took effect, else the commitment's id. */
  readonly id: string;
}

/** The purchases of a ledger for which money was owed. The quantities of a split purchase are added up. */
export function purchasesOn(ledger: readonly PurchaseOnLedger[]): readonly Purchase[] {
  const parts = new Map<string, PurchaseOnLedger[]>();
  for (const entry of ledger.filter(({ live = true }) => live)) parts.set(idOf(entry), partsAnd(parts, entry));
  return [...parts].map(([id, [first, ...others]]) => purchaseOf(id, first, others)).filter((one) => one !== undefined);
}

const idOf = ({ requestId, purchaseId, commitmentId }: PurchaseOnLedger): string =>
  requestId ?? purchaseId ?? commitmentId;

const partsAnd = (parts: ReadonlyMap<string, PurchaseOnLedger[]>, entry: PurchaseOnLedger): PurchaseOnLedger[] => [
  ...(parts.get(idOf(entry)) ?? []),
  entry,
];

function purchaseOf(
  id: string,
  first: PurchaseOnLedger | undefined,
  others: readonly PurchaseOnLedger[],
): Purchase | undefined {
  if (first === undefined) return undefined;
  const all = [first, ...others];
  const quantity = all.reduce((sum, part) => sum + (part.quantity ?? 0), 0);
  return {
    ...first,
    id,
    token: first.token ?? first.tags?.[TOKEN_TAG],
    commitmentIds: all.map(({ commitmentId }) => commitmentId),
    ...(first.quantity !== undefined && { quantity }),
  };
}
