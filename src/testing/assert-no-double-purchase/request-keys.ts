import { deriveIdempotencyToken } from "../../idempotency/derive-idempotency-token.js";
import type { Purchase } from "./purchase-on-ledger.js";

/** An execution whose request key a message may name: of a store, or as `engine.history` shows it. */
export interface KnownExecution {
  readonly requestKey: string;
  /** Stores have it, and engines do not show it. The tokens of the lines derive from it. */
  readonly lineageKey?: string | undefined;
  readonly lines: readonly {
    readonly index: number;
    readonly commitment: { readonly commitmentIds: readonly string[] } | null;
  }[];
}

/** The request keys under which a purchase was submitted, by the ids that were recorded or by its token. */
export const requestKeysOf = (purchase: Purchase, executions: readonly KnownExecution[]): readonly string[] => [
  ...new Set(executions.filter((execution) => isOf(purchase, execution)).map(({ requestKey }) => requestKey)),
];

const isOf = ({ commitmentIds, token }: Purchase, { lineageKey, lines }: KnownExecution): boolean =>
  lines.some(
    ({ index, commitment }) =>
      commitment?.commitmentIds.some((id) => commitmentIds.includes(id)) ||
      (token !== undefined && lineageKey !== undefined && deriveIdempotencyToken(lineageKey, index) === token),
  );
