import { describe, expect, test } from "vitest";
import { typeErrorsOf } from "../support/type-check.js";

const PRELUDE = `
import type { CommitmentProvider, PurchaseContext, PurchasePermit, WonWriteAhead } from "buyonce";
declare const provider: CommitmentProvider;
declare const context: PurchaseContext;
declare const won: WonWriteAhead;
declare const permit: PurchasePermit;
`;

describe("a purchase permit", { timeout: 60_000 }, () => {
  test("lets its holder call purchase", () => {
    expect(typeErrorsOf(`${PRELUDE} export const bought = provider.purchase(permit, context);`)).toEqual([]);
  });

  test.each([
    ["the facts of a write-ahead", "won"],
    ["a copy of its fields", "{ ...won }"],
    ["nothing", "undefined"],
  ])("cannot be replaced by %s: it does not compile", (_, instead) => {
    const errors = typeErrorsOf(`${PRELUDE} export const bought = provider.purchase(${instead}, context);`);
    expect(errors).toEqual([expect.stringMatching(/not assignable/)]);
  });

  test("cannot be minted by a consumer: the core does not export how", () => {
    expect(typeErrorsOf('import { mintPermit } from "buyonce"; export default mintPermit;')).toEqual([
      expect.stringMatching(/no exported member/),
    ]);
  });
});
