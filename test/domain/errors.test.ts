import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ERROR_FACTS, type MoneyMoved } from "../../src/domain/error-facts.js";
import { BuyonceError, ERROR_CODES, type ErrorCode, isBuyonceError, messageOf } from "../../src/domain/errors.js";
import { type LineProgress, PLANNED } from "../../src/domain/execution.js";
import { LINE_STATES } from "../../src/domain/line-state.js";
import { lineageIdOf } from "../../src/domain/lineage-id.js";
import { HOSTILE } from "./hostile-values.js";

const executionOf = (...lines: readonly Partial<LineProgress>[]) => ({
  id: "exec_1",
  lineageKey: "lin_secret",
  status: "running",
  lines: lines.map((line, index) => ({ ...PLANNED, index, ...line })),
});

const COMMITMENT = { commitmentIds: ["c-1"], adopted: false };
const BOUGHT = { state: "committed", commitment: COMMITMENT } as const;
const refusedWith = (code: string, resolvedBy?: string) =>
  ({ state: "rejected", rejection: { code, message: "no", ...(resolvedBy && { resolvedBy }) } }) as const;

/** The codes that say nothing of money by themselves. */
const OF_NO_MONEY = ERROR_CODES.filter((code) => ERROR_FACTS[code].moneyMoved === "no");

describe("moneyMoved", () => {
  test.each(OF_NO_MONEY)("of %s is what the lines of the execution say, whatever the code says", (code) => {
    const moved = (...lines: readonly Partial<LineProgress>[]) =>
      new BuyonceError(code, "x", { current: executionOf(...lines) }).moneyMoved;
    expect(moved({})).toBe("no");
    expect(moved({}, { state: "in_doubt" })).toBe("maybe");
    expect(moved({ state: "submitting" }, {})).toBe("maybe");
    expect(moved({ state: "submitting" }, BOUGHT)).toBe("yes");
  });

  test.each([
    ["skipped lines", [{ state: "skipped" }], "no"],
    ["a line that the cloud refused", [refusedWith("InsufficientFunds")], "no"],
    ["a line that was refused before anything was sent", [refusedWith("PRICE_DRIFT")], "no"],
    ["a line beside which the cloud holds something else", [refusedWith("COMMITMENT_CONFLICT")], "maybe"],
    ["a line whose names are spent", [refusedWith("NAME_SPENT")], "maybe"],
    ["a line that a person said is not bought", [refusedWith("RESOLVED_NOT_BOUGHT", "ann")], "maybe"],
    ["a line that a person said is refused", [refusedWith("payment-failed", "ann")], "maybe"],
    ["a bought line that was withdrawn from the queue", [BOUGHT], "yes"],
    ["no lines", [], "no"],
  ] as const)("takes %s for what they are", (_, lines, expected) => {
    expect(new BuyonceError("RETRY_REFUSED", "x", { current: executionOf(...lines) }).moneyMoved).toBe(expected);
  });

  test("is known for every state of a line", () => {
    const worst = LINE_STATES.map(
      (state) => new BuyonceError("RETRY_REFUSED", "x", { current: executionOf({ state }) }).moneyMoved,
    );
    expect(Object.fromEntries(LINE_STATES.map((state, at) => [state, worst[at]]))).toEqual({
      planned: "no",
      submitting: "maybe",
      in_doubt: "maybe",
      committed: "yes",
      rejected: "no",
      skipped: "no",
    });
  });

  test("is never less than its code says, nor than its caller knows", () => {
    const current = executionOf({});
    for (const code of ERROR_CODES) {
      const fact: MoneyMoved = ERROR_FACTS[code].moneyMoved;
      expect(new BuyonceError(code, "x", { current }).moneyMoved).toBe(fact);
      expect(new BuyonceError(code, "x", { moneyMoved: "no" }).moneyMoved).toBe(fact);
      expect(new BuyonceError(code, "x", { moneyMoved: "yes", current }).moneyMoved).toBe("yes");
    }
    expect(new BuyonceError("RETRY_REFUSED", "x", { moneyMoved: "maybe", current }).moneyMoved).toBe("maybe");
    expect(new BuyonceError("RETRY_REFUSED", "x", { moneyMoved: "no", current: executionOf(BOUGHT) }).moneyMoved).toBe(
      "yes",
    );
  });

  test.each([[undefined], [null], ["an id"], [{ lines: "none" }], [{ lines: [null, 7, {}] }], [[]]])(
    "is that of the code where %j is the current record",
    (current) => {
      expect(new BuyonceError("RETRY_REFUSED", "x", { current }).moneyMoved).toBe("no");
    },
  );
});

describe("details", () => {
  test("are a frozen copy: the caller's object stays the caller's", () => {
    const details = { ids: ["c-1"], price: { amount: "1" } };
    const error = new BuyonceError("DUPLICATE_COMMITMENT", "x", { details });
    details.ids.push("c-2");
    details.price.amount = "2";
    expect(error.details).toEqual({ ids: ["c-1"], price: { amount: "1" } });
    expect(() => Object.assign(error.details, { gate: "none" })).toThrow(TypeError);
    expect(() => Object.assign(Object(error.details["price"]), { amount: "3" })).toThrow(TypeError);
    expect(Object.isFrozen(details)).toBe(false);
  });

  test("are an object, whatever was handed over", () => {
    expect(new BuyonceError("NOT_SENT", "x").details).toEqual({});
    for (const [, value] of HOSTILE)
      expect(typeof new BuyonceError("NOT_SENT", "x", { details: value as never }).details).toBe("object");
  });
});

describe("the current record", () => {
  test("of an error is the execution without its lineage key, with the id of its lineage", () => {
    const current = executionOf(BOUGHT);
    const error = new BuyonceError("RETRY_REFUSED", "x", { current });
    const { lineageKey, ...rest } = current;
    expect(error.current).toEqual({ ...rest, lineageId: lineageIdOf(lineageKey) });
    expect(current.lineageKey).toBe("lin_secret");
    expect(error.current).toBe(error.current);
  });

  test("is not written with the error", () => {
    const error = new BuyonceError("RETRY_REFUSED", "x", { current: executionOf(BOUGHT) });
    expect(JSON.stringify(error)).not.toContain("exec_1");
    expect(Object.keys(error)).not.toContain("current");
  });

  test.each([[undefined], ["an id"], [{ id: "exec_1" }]])("is %j where that is no execution", (current) => {
    expect(new BuyonceError("RETRY_REFUSED", "x", { current }).current).toEqual(current);
  });
});

describe("messageOf", () => {
  test.each([
    [new TypeError("no such thing"), "TypeError: no such thing"],
    ["closed", "closed"],
    [7, "7"],
    [null, "null"],
    [undefined, "undefined"],
    [Symbol("why"), "Symbol(why)"],
    [{ name: "Throttled", message: "later" }, "Throttled: later"],
    [{ message: "later" }, "Error: later"],
    [Object.assign(new AggregateError([], ""), { code: "ECONNREFUSED" }), "AggregateError: ECONNREFUSED"],
    [new Error(""), "Error: no message"],
    [Object.create(null), "a value without a message was thrown (object)"],
    ["", "a value without a message was thrown (string)"],
  ])("says of %o: %s", (thrown, said) => {
    expect(messageOf(thrown)).toBe(said);
  });

  test.each(HOSTILE)("gives a reason for %s", (_, thrown) => {
    expect(messageOf(thrown).trim()).not.toBe("");
  });
});

describe("isBuyonceError", () => {
  test("knows its own, by their codes", () => {
    const error = new BuyonceError("NOT_SENT", "x");
    expect(isBuyonceError(error)).toBe(true);
    expect(isBuyonceError(error, "GIVEN_UP", "NOT_SENT")).toBe(true);
    expect(isBuyonceError(error, "GIVEN_UP")).toBe(false);
    expect(isBuyonceError(new Error("x"))).toBe(false);
  });

  test.each(HOSTILE)("says no to %s", (_, thrown) => {
    expect(isBuyonceError(thrown)).toBe(false);
  });
});

describe("the list of codes", () => {
  const folder = new URL("../../src/engine/", import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const written = files.flatMap((file) =>
    [...readFileSync(new URL(file, folder), "utf8").matchAll(/code: "([A-Z][A-Z_]+)"/g)].map(([, code]) => ({
      file,
      code,
    })),
  );

  test("has every code that the engine writes on a line", () => {
    expect(written.length).toBeGreaterThan(5);
    expect(written.filter(({ code }) => !ERROR_CODES.includes(code as ErrorCode))).toEqual([]);
  });

  test("says of each code when it happens and what to do, in whole sentences without the words that are gone", () => {
    for (const [code, { when, remediation }] of Object.entries(ERROR_FACTS))
      for (const sentence of [when, remediation]) {
        expect(sentence, code).toMatch(/^[A-Z].*\.$/);
        expect(sentence, code).not.toMatch(/\b(trouble|mend|steady|asking|loud|sign of life)\b/i);
      }
  });
});
