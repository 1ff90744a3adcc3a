import { assert } from "../assert.js";
import type { ProviderCase } from "./contract-case.js";
import type { CloudFault, ProviderFixture } from "./provider-fixture.js";
import { assertBoughtOnce, reportOn } from "./purchase-report.js";
import { lineOf, ranInto, settled } from "./steps.js";

/** Cases in which somebody else buys the same thing by hand. */
export const elsewhereCases: readonly ProviderCase[] = [
  {
    name: "buys although somebody else bought the same before, and does not take theirs for its own",
    needs: ["buy-elsewhere"],
    run: (fixture) => buysBeside(fixture),
  },
  {
    name: "adopts its own after a lost reply although somebody else bought the same before",
    needs: ["buy-elsewhere", "reply-lost"],
    run: (fixture) => buysBeside(fixture, { kind: "reply-lost" }),
  },
  {
    name: "takes nothing for its own after a lost request although somebody else bought the same before",
    needs: ["buy-elsewhere", "request-lost"],
    run: (fixture) => buysBeside(fixture, { kind: "request-lost" }),
  },
  {
    name: "neither loses nor repeats its purchase if somebody else buys the same while it is in doubt",
    needs: ["buy-elsewhere", "reply-lost"],
    async run(fixture) {
      const { subject, id } = await ranInto(fixture, [{ kind: "reply-lost" }]);
      const elsewhere = await buyElsewhere(fixture);
      const execution = await settled(subject, id);
      const report = await reportOn(subject, id, [elsewhere]);
      assert.equal(report.purchases, 1, `bought ${report.purchases} times`);
      if (report.lineState === "committed") return assertBoughtOnce(report, fixture);
      assert.equal(report.lineState, "in_doubt");
      const { doubt } = lineOf(execution);
      assert.ok(doubt?.needsPerson, "the line is in doubt, but no person is asked");
      for (const own of report.cloudIds)
        assert.ok(doubt.candidates?.includes(own), "the line's own purchase is not among the candidates");
    },
  },
];

async function buysBeside(fixture: ProviderFixture, ...faults: readonly CloudFault[]): Promise<void> {
  const elsewhere = await buyElsewhere(fixture);
  // Listings must show the foreign purchase by now: while hidden, it cannot be told from our own.
  fixture.clock.advance(fixture.provider.idempotency.visibilityLagMs);
  const { subject, id } = await ranInto(fixture, faults);
  await settled(subject, id);
  assertBoughtOnce(await reportOn(subject, id, [elsewhere]), fixture);
}

const buyElsewhere = ({ cloud }: ProviderFixture): Promise<string> =>
  cloud.buyElsewhere?.() ?? assert.fail("the fixture cannot buy elsewhere");
