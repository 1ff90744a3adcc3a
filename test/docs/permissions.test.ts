import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { awsServices } from "../../scripts/docs/permissions/aws-permissions.js";
import { policyOf } from "../../scripts/docs/permissions/aws-policy.js";
import { azureServices } from "../../scripts/docs/permissions/azure-permissions.js";
import { googleServices } from "../../scripts/docs/permissions/google-permissions.js";
import { permissionsOf, purposeOfWrite } from "../../scripts/docs/permissions/permission.js";

const SOURCES = new URL("../../src/", import.meta.url);

/** The sources of a folder as one text. */
function textOf(folder: string): string {
  const files = readdirSync(new URL(folder, SOURCES), { recursive: true, encoding: "utf8" });
  const meant = files.filter((name) => name.endsWith(".ts"));
  return meant.map((name) => readFileSync(new URL(`${folder}/${name}`, SOURCES), "utf8")).join("\n");
}

describe("permissions of AWS", () => {
  const services = awsServices();
  const statement = (sid: string) => policyOf(...services).Statement.find(({ Sid }) => Sid === sid);

  test("to read hold no action that buys, tags or withdraws", () => {
    const reads = statement("Read")?.Action ?? [];
    // AWS computes new recommendations, which costs nothing.
    const starts = reads.filter((action) => !/:(?:Describe|Get|List)/.test(action));
    expect(starts).toEqual(["ce:StartSavingsPlansPurchaseRecommendationGeneration"]);
  });

  test("to buy are one action of each adapter, which tagging and withdrawing are not", () => {
    const buying = services.map(({ permissions }) => permissions.filter(({ purpose }) => purpose === "buy").length);
    expect(buying).toEqual(services.map(({ title }) => (title === "Recommendations" ? 0 : 1)));
    expect(statement("Buy")?.Action.filter((action) => !/:(?:Purchase|Create\w+)/.test(action))).toEqual([]);
  });

  test("of all services fit into one policy that AWS manages for a customer: 6,144 characters", () => {
    expect(JSON.stringify(policyOf(...services)).length).toBeLessThan(6_144);
  });
});

test("the rights that checkAzureAccess asks for are those that the adapters of Azure need to read the tenant", () => {
  const needed = azureServices()
    .filter(({ id }) => id !== "recommendations")
    .flatMap(({ permissions }) => permissions.map(({ name }) => name))
    .filter((name) => name.endsWith("/read"));
  const asked = [...textOf("providers/azure").matchAll(/unknownIn\("(\w+)", "(\w+)"/g)].map(
    ([, namespace, type]) => `Microsoft.${namespace}/${type}/read`,
  );
  expect(asked).toHaveLength(4);
  // One of them is for what an order holds, which nobody can ask for without an order.
  const inOrders = "Microsoft.Capacity/reservationOrders/reservations/read";
  expect(new Set(needed)).toEqual(new Set([...asked, inOrders]));
});

test("the permissions of Google Cloud are those that its simulator demands", () => {
  const demanded = new Set(textOf("simulator/gcp").match(/(?<=")\w+\.\w+\.\w+(?=")/g));
  const needed = googleServices().flatMap(({ permissions }) => permissions.map(({ name }) => name));
  expect(needed.filter((name) => !demanded.has(name))).toEqual([]);
});

describe("a permission", () => {
  test("that is for reading and for buying is refused, because no statement could hold it", () => {
    const need = { name: "ec2:DescribeHosts", operation: "DescribeHosts", step: "lookup" } as const;
    expect(() =>
      permissionsOf([
        { ...need, purpose: "read" },
        { ...need, purpose: "buy" },
      ]),
    ).toThrow("read, buy");
  });

  test("to change something is none of a lookup or an inventory", () => {
    for (const step of ["lookup", "inventory", "collect"]) expect(() => purposeOfWrite(step)).toThrow("must not");
  });
});
