// What a test of a consumer does under jest without any option: requires, loads an SDK and a driver, starts a process.
const { test, expect } = /** @type {{ test: typeof import("vitest").test, expect: typeof import("vitest").expect }} */ (
  /** @type {unknown} */ (globalThis)
);

test("every subpath can be required", () => {
  const { exports } = require("buyonce/package.json");
  for (const subpath of Object.keys(exports).filter((path) => path !== "./package.json"))
    expect(Object.keys(require(subpath.replace(".", "buyonce"))).length).toBeGreaterThan(0);
});

test("a purchase goes through the SDK of AWS and a SQLite file, at a simulator in a process of its own", async () => {
  const { EC2Client } = require("@aws-sdk/client-ec2");
  const { createPurchaseEngine } = require("buyonce");
  const { ec2ReservedInstances } = require("buyonce/aws/ec2-reserved-instances");
  const { startAwsSimulatorProcess } = require("buyonce/simulator");
  const { openSqlite } = require("buyonce/sqlite");
  const aws = await startAwsSimulatorProcess();
  const { store, close } = await openSqlite(require("node:path").join(__dirname, "program.db"));
  /** @param {{ account: string, region: string }} target */
  const clientFor = ({ account, region }) =>
    new EC2Client({ region, credentials: aws.credentialsFor(account), endpoint: aws.url });
  try {
    const engine = createPurchaseEngine({ store, providers: [ec2ReservedInstances({ clientFor })] });
    const { id } = await engine.submit({
      requestKey: "once",
      createdBy: "ann",
      lines: [
        {
          ...{ service: "aws.ec2", account: "111111111111", region: "eu-west-1", instanceType: "m5.large" },
          ...{ platform: "Linux/UNIX", tenancy: "default", offeringClass: "standard", scope: "region", quantity: 10 },
          ...{ term: "1yr", payment: "no_upfront", expectedPrice: { amount: "5298.05", currency: "USD" } },
        },
      ],
    });
    await engine.approve(id, { approvedBy: "bob" });
    expect((await engine.run(id)).status).toBe("completed");
    expect(await aws.ledger.purchases()).toHaveLength(1);
  } finally {
    close();
    await aws.close();
  }
});
