import { describe, expect, test } from "vitest";
import type { Reservation } from "../../../../src/providers/aws/reservations/reservation.js";
import { theOneNamed } from "../../../../src/providers/aws/reservations/the-one-named.js";
import { reservation } from "./sample-reservation.js";

const answering = (listed: readonly Reservation[] | undefined) => theOneNamed("one", () => Promise.resolve(listed));
const failing = (error: unknown) => theOneNamed("one", () => Promise.reject(error));
const named = (name: string, more: object) => Object.assign(new Error("no"), { name, ...more });

describe("the reservation of a name", () => {
  test("is the only one answered, in whatever case", async () => {
    expect(await answering([reservation()])).toEqual(reservation());
    expect(await answering([reservation({ id: "ONE" })])).toEqual(reservation({ id: "ONE" }));
  });

  test.each<readonly [string, readonly Reservation[] | undefined, string]>([
    ["no list", undefined, "with no list of reservations"],
    ["an empty list", [], "with 0 reservations"],
    ["another one", [reservation({ id: "two" })], "with 1 reservations"],
    ["one without an id", [reservation({ id: "" })], "with 1 reservations"],
    ["one whose name begins so", [reservation({ id: "one-2" })], "with 1 reservations"],
    ["it among others", [reservation(), reservation({ id: "two" })], "with 2 reservations"],
    ["it twice", [reservation(), reservation()], "with 2 reservations"],
  ])("is not known where the answer is %s", async (_what, listed, message) => {
    await expect(answering(listed)).rejects.toThrow(message);
  });

  test.each([
    "ReservedDBInstanceNotFound",
    "ReservedDBInstanceNotFoundFault",
    "ReservedCacheNodeNotFoundFault",
    "ReservedNodeNotFoundFault",
  ])("is absent where the service answers %s", async (code) => {
    expect(await failing(named(code, { $metadata: { httpStatusCode: 404 } }))).toBeUndefined();
    expect(await failing(named("Fault", { Code: code, $metadata: { httpStatusCode: 400 } }))).toBeUndefined();
  });

  test.each([
    ["an error of that name that no service answered", named("ReservedDBInstanceNotFoundFault", {})],
    [
      "an error of that name in a success",
      named("ReservedDBInstanceNotFoundFault", { $metadata: { httpStatusCode: 200 } }),
    ],
    ["another code", named("ReservedDBInstancesOfferingNotFoundFault", { $metadata: { httpStatusCode: 404 } })],
    ["a 404 alone", named("NotFound", { $metadata: { httpStatusCode: 404 } })],
  ])("is not known after %s", async (_what, error) => {
    await expect(failing(error)).rejects.toBe(error);
  });
});
