import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { BuyonceError, isBuyonceError } from "../../src/domain/errors.js";
import { frozenCopy } from "../../src/domain/frozen-copy.js";
import { isDate } from "../../src/domain/is-date.js";
import { isError } from "../../src/domain/is-error.js";
import { isPlainObject } from "../../src/domain/plain-object.js";
import { copyOf } from "../../src/stores/memory/copy-of.js";

/** A value of another realm, as jest's tests see what Node's own functions make. */
const elsewhere = (expression: string): unknown => runInNewContext(expression);

class Mine {
  readonly mine = true;
}

describe("values of another realm", () => {
  test.each(["({ a: 1 })", "Object.create(null)", "({})"])("are plain data: %s", (expression) => {
    expect(isPlainObject(elsewhere(expression) as object)).toBe(true);
  });

  test.each([new Mine(), new Date(), new Map(), /x/, [], elsewhere("new (class A {})"), elsewhere("new Date()")])(
    "are no plain data: %o",
    (value) => {
      expect(isPlainObject(value as object)).toBe(false);
    },
  );

  test.each([
    "new Error('x')",
    "new TypeError('x')",
    "new (class Mine extends Error {})('x')",
    "new AggregateError([])",
  ])("are errors: %s", (expression) => {
    const value = elsewhere(expression);
    expect(value).not.toBeInstanceOf(Error);
    expect(isError(value)).toBe(true);
  });

  test.each([undefined, null, "Error", {}, { message: "x" }, new Date(), elsewhere("({ name: 'Error' })")])(
    "are no errors: %o",
    (value) => {
      expect(isError(value)).toBe(false);
    },
  );

  test("are errors where they abort something", () => {
    expect(isError(new DOMException("The operation timed out.", "TimeoutError"))).toBe(true);
    expect(isError(new BuyonceError("INVALID_REQUEST", "x"))).toBe(true);
  });

  test("are errors of buyonce by their name and code", () => {
    const thrown = elsewhere("Object.assign(new Error('x'), { name: 'BuyonceError', code: 'PRICE_DRIFT' })");
    expect(isBuyonceError(thrown, "PRICE_DRIFT")).toBe(true);
  });

  test("are dates", () => {
    expect(isDate(elsewhere("new Date(0)"))).toBe(true);
    expect(isDate(0)).toBe(false);
  });

  test("are copied into this realm by the store in memory", () => {
    const copy = copyOf(elsewhere("({ a: [{ b: null }] })"));
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(copy).toStrictEqual({ a: [{ b: null }] });
  });

  test("are kept as evidence, dates and errors as texts", () => {
    const found = elsewhere("({ at: new Date(0), error: new TypeError('no'), more: { ids: ['c-1'] } })");
    expect(frozenCopy(found)).toEqual({
      at: "1970-01-01T00:00:00.000Z",
      error: "TypeError: no",
      more: { ids: ["c-1"] },
    });
  });
});
